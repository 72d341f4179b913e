using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Watchdesk.Clients;
using Watchdesk.Hosting;
using Watchdesk.Tenants;

namespace Watchdesk.Heartbeats;

/// <summary>
/// Run events of senders that write to the queue <c>heartbeats-in</c> themselves:
/// <c>{"envelope":{"key":"wd_…","items":[event, …]}}</c>. The key gives the tenant; without a valid one the message is a dead letter.
/// </summary>
public sealed partial class TakeNative(RecordHeartbeats record, ApiKeys keys, DeadLetters deadLetters, TimeProvider clock)
{
    public const string Queue = "heartbeats-in";

    public static void Map(IEndpointRouteBuilder routes) => routes.MapTrigger(nameof(TakeNative), (invocation, cancellationToken) =>
        routes.ServiceProvider.GetRequiredService<TakeNative>().HandleAsync(QueueMessage.ReadAll(invocation, "messages"), cancellationToken));

    public async Task HandleAsync(IReadOnlyList<QueueMessage> messages, CancellationToken cancellationToken)
    {
        foreach (var message in messages)
        {
            await TakeAsync(message, cancellationToken);
        }
    }

    async Task TakeAsync(QueueMessage message, CancellationToken cancellationToken)
    {
        var tenant = Tenant.Main;
        try
        {
            using var body = JsonDocument.Parse(message.Body);
            var envelope = body.RootElement.GetProperty("envelope"u8);
            var key = envelope.TryGetProperty("key"u8, out var text) ? text.GetString() : null;
            if (key is null || await keys.VerifyAsync(key, cancellationToken) is not { } caller || !caller.Scopes.HasFlag(Scopes.Ping))
            {
                throw new FormatException("The message has no valid key with the scope ping.");
            }

            tenant = caller.Tenant;
            var events = RunEventReader.ReadAll(Encoding.UTF8.GetBytes(envelope.GetProperty("items"u8).GetRawText()), clock.GetUtcNow());
            var result = await record.AcceptAsync(caller, events, cancellationToken);
            if (result.Refused.Count > 0)
            {
                throw new FormatException($"{result.Refused.Count} of {events.Count} events were refused; item {result.Refused[0].Line}: {result.Refused[0].Reason}");
            }
        }
        catch (Exception problem) when (problem is FormatException or JsonException or InvalidOperationException or KeyNotFoundException)
        {
            await deadLetters.AddAsync(
                new DeadLetter(tenant, Queue, "native", problem.Message, message.MessageId, Encoding.UTF8.GetBytes(WithoutKey(message.Body)), clock.GetUtcNow(), message.DeliveryCount), cancellationToken);
        }
    }

    /// <summary>A dead letter is shown to people; the sender's key is not.</summary>
    static string WithoutKey(string body) => KeyText().Replace(body, ApiKeys.Prefix + "…");

    [GeneratedRegex("wd_[0-9A-Za-z_]+", RegexOptions.NonBacktracking)]
    private static partial Regex KeyText();
}
