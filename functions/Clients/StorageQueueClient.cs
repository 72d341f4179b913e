using System.Globalization;
using Azure;
using Azure.Core;

namespace Watchdesk.Clients;

/// <summary>Storage queues over REST. A queue comes into being with its first message.</summary>
public sealed class StorageQueueClient : IMessageSender
{
    public const int MaxTake = 32;

    /// <summary>What 64 KiB of base64 carry.</summary>
    public const int MaxBody = 49_152;

    readonly RestService service;

    internal StorageQueueClient(RestService service) => this.service = service;

    public async Task CreateAsync(string queue, CancellationToken cancellationToken)
    {
        var response = await CallAsync(RequestMethod.Put, $"/{Checked(queue)}", "PUT /{queue}", null, cancellationToken);
        if (response.Status is not (201 or 204))
        {
            throw service.Error("PUT /{queue}", response);
        }
    }

    /// <summary>The broker has no duplicate detection: a send whose answer was lost may be there twice.</summary>
    public Task SendAsync(string queue, ReadOnlyMemory<byte> body, string messageId, CancellationToken cancellationToken) =>
        PutAsync(queue, body, TimeSpan.Zero, cancellationToken);

    /// <param name="delay">How long nobody sees the message, up to 7 days.</param>
    public async Task PutAsync(string queue, ReadOnlyMemory<byte> body, TimeSpan delay, CancellationToken cancellationToken)
    {
        const string Call = "POST /{queue}/messages";
        if (body.Length > MaxBody)
        {
            throw new ArgumentException($"A message has at most {MaxBody} bytes, not {body.Length}.", nameof(body));
        }

        var path = $"/{Checked(queue)}/messages?visibilitytimeout={Seconds(delay, 0)}&messagettl=-1";
        var xml = StoredMessage.Write(body.Span);
        var response = await CallAsync(RequestMethod.Post, path, Call, xml, cancellationToken);
        if (IsMissingQueue(response))
        {
            await CreateAsync(queue, cancellationToken);
            response = await CallAsync(RequestMethod.Post, path, Call, xml, cancellationToken);
        }

        if (response.Status != 201)
        {
            throw service.Error(Call, response);
        }
    }

    /// <summary>Takes up to 32 messages; nobody else sees them for <paramref name="visibility"/>.</summary>
    public Task<IReadOnlyList<StoredMessage>> GetAsync(string queue, int count, TimeSpan visibility, CancellationToken cancellationToken) =>
        ReadAsync($"/{Checked(queue)}/messages?numofmessages={Count(count)}&visibilitytimeout={Seconds(visibility, 1)}", cancellationToken);

    /// <summary>Looks at up to 32 visible messages without taking them.</summary>
    public Task<IReadOnlyList<StoredMessage>> PeekAsync(string queue, int count, CancellationToken cancellationToken) =>
        ReadAsync($"/{Checked(queue)}/messages?peekonly=true&numofmessages={Count(count)}", cancellationToken);

    /// <summary>False when somebody else holds the message by now, or it is gone.</summary>
    public async Task<bool> DeleteAsync(string queue, StoredMessage message, CancellationToken cancellationToken)
    {
        const string Call = "DELETE /{queue}/messages/{id}";
        var response = await CallAsync(RequestMethod.Delete, Message(queue, message), Call, null, cancellationToken);
        return response.Status == 204 || (IsLost(response) ? false : throw service.Error(Call, response));
    }

    /// <summary>Holds the message for <paramref name="visibility"/> from now, or gives it back with zero. Null when it is lost.</summary>
    public async Task<StoredMessage?> RenewAsync(string queue, StoredMessage message, TimeSpan visibility, CancellationToken cancellationToken)
    {
        const string Call = "PUT /{queue}/messages/{id}";
        var response = await CallAsync(RequestMethod.Put, $"{Message(queue, message)}&visibilitytimeout={Seconds(visibility, 0)}", Call, null, cancellationToken);
        if (response.Status != 204)
        {
            return IsLost(response) ? null : throw service.Error(Call, response);
        }

        return message with
        {
            PopReceipt = response.Headers.TryGetValue("x-ms-popreceipt", out var receipt) ? receipt : message.PopReceipt,
            NextVisibleAt = response.Headers.TryGetValue("x-ms-time-next-visible", out var text)
                && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null,
        };
    }

    /// <summary>About how many messages there are, also those that somebody holds; 0 when there is no such queue.</summary>
    public async Task<long> CountAsync(string queue, CancellationToken cancellationToken)
    {
        const string Call = "GET /{queue}?comp=metadata";
        var response = await CallAsync(RequestMethod.Get, $"/{Checked(queue)}?comp=metadata", Call, null, cancellationToken);
        return response.Status == 200 && response.Headers.TryGetValue("x-ms-approximate-messages-count", out var count)
            ? long.Parse(count, CultureInfo.InvariantCulture)
            : IsMissingQueue(response) ? 0 : throw service.Error(Call, response);
    }

    async Task<long?> IMessageSender.CountAsync(string queue, CancellationToken cancellationToken) => await CountAsync(queue, cancellationToken);

    async Task<IReadOnlyList<StoredMessage>> ReadAsync(string path, CancellationToken cancellationToken)
    {
        const string Call = "GET /{queue}/messages";
        var response = await CallAsync(RequestMethod.Get, path, Call, null, cancellationToken);
        return response.Status == 200 ? service.Read(Call, response, StoredMessage.Read)
            : IsMissingQueue(response) ? [] : throw service.Error(Call, response);
    }

    /// <summary>The answer is whole in memory when this returns, and its connection free.</summary>
    async Task<Response> CallAsync(RequestMethod method, string path, string call, byte[]? xml, CancellationToken cancellationToken)
    {
        var message = service.Create(method, path);
        message.Request.Headers.Add("x-ms-version", StorageServices.Version);
        if (xml is not null)
        {
            message.Request.Headers.Add("Content-Type", "application/xml");
            message.Request.Content = RequestContent.Create(xml);
        }

        return await service.SendAsync(message, call, cancellationToken);
    }

    static bool IsMissingQueue(Response response) => response.Status == 404 && RemoteErrors.Code(response) == "QueueNotFound";

    /// <summary>The emulator answers 400 to an old receipt, and 404 when the message is gone.</summary>
    static bool IsLost(Response response) => RemoteErrors.Code(response) is "PopReceiptMismatch" or "MessageNotFound" or "QueueNotFound";

    static string Message(string queue, StoredMessage message) =>
        $"/{Checked(queue)}/messages/{Uri.EscapeDataString(message.Id)}?popreceipt={Uri.EscapeDataString(message.PopReceipt)}";

    static string Checked(string queue) => StorageNames.Check(queue, "queue");

    static int Count(int count) => count is >= 1 and <= MaxTake ? count
        : throw new ArgumentOutOfRangeException(nameof(count), count, $"A call takes 1 to {MaxTake} messages.");

    static long Seconds(TimeSpan time, int least) => time.TotalSeconds >= least && time <= TimeSpan.FromDays(7) ? (long)Math.Ceiling(time.TotalSeconds)
        : throw new ArgumentOutOfRangeException(nameof(time), time, $"A visibility is {least} s to 7 days.");
}
