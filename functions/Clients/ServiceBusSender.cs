using System.Text;
using System.Text.Json;
using Azure;
using Azure.Core;

namespace Watchdesk.Clients;

/// <summary>Sends to Service Bus over REST. A send whose answer was lost is tried again: the message id lets the broker drop the copy.</summary>
public sealed class ServiceBusSender : IMessageSender
{
    public const int MaxMessageId = 128;

    /// <summary>What a batch may have on the Standard tier, with room for the broker's own properties.</summary>
    public const int MaxBatchBytes = 192 * 1024;

    const string Call = "POST /{queue}/messages";

    readonly RestService service;

    internal ServiceBusSender(RestService service) => this.service = service;

    public async Task SendAsync(string queue, ReadOnlyMemory<byte> body, string messageId, CancellationToken cancellationToken)
    {
        Check(body, messageId);
        using var message = Create(queue, "application/json", body);
        message.Request.Headers.Add("BrokerProperties", $$"""{"MessageId":"{{messageId}}"}""");
        await SendAsync(message, cancellationToken);
    }

    /// <summary>In as few calls as the size allows, each all or nothing. After a failure the caller sends all again: the broker drops the copies by their ids.</summary>
    public async Task SendAsync(string queue, IReadOnlyList<(ReadOnlyMemory<byte> Body, string MessageId)> messages, CancellationToken cancellationToken)
    {
        for (var sent = 0; sent < messages.Count;)
        {
            var batch = Batch(messages, ref sent);
            using var message = Create(queue, "application/vnd.microsoft.servicebus.json", batch);
            await SendAsync(message, cancellationToken);
        }
    }

    static ReadOnlyMemory<byte> Batch(IReadOnlyList<(ReadOnlyMemory<byte> Body, string MessageId)> messages, ref int next)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer, TableJson.WriterOptions);
        json.WriteStartArray();
        for (var first = next; next < messages.Count; next++)
        {
            var (body, id) = messages[next];
            Check(body, id);
            if (next > first && json.BytesCommitted + json.BytesPending + (2 * body.Length) > MaxBatchBytes)
            {
                break;
            }

            json.WriteStartObject();
            json.WriteString("Body"u8, body.Span);
            json.WriteStartObject("BrokerProperties"u8);
            json.WriteString("MessageId"u8, id);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.Flush();
        return buffer.WrittenMemory;
    }

    HttpMessage Create(string queue, string contentType, ReadOnlyMemory<byte> body)
    {
        var message = service.Create(RequestMethod.Post, $"/{Uri.EscapeDataString(queue)}/messages");
        message.Request.Headers.Add("Content-Type", contentType);
        message.Request.Content = RequestContent.Create(body);
        return message;
    }

    async Task SendAsync(HttpMessage message, CancellationToken cancellationToken)
    {
        Response response = await service.SendAsync(message, Call, cancellationToken);
        if (response.Status != 201)
        {
            throw service.Error(Call, response);
        }
    }

    static void Check(ReadOnlyMemory<byte> body, string messageId)
    {
        if (body.Length > MessageLimits.MaxBodyBytes)
        {
            throw new ArgumentException($"A message has at most {MessageLimits.MaxBodyBytes} bytes, not {body.Length}.", nameof(body));
        }

        if (messageId.Length is 0 or > MaxMessageId || !Ascii.IsValid(messageId) || messageId.AsSpan().ContainsAny('"', '\\') || messageId.Any(char.IsControl))
        {
            throw new ArgumentException($"A message id has 1 to {MaxMessageId} printable ASCII characters without quotes.", nameof(messageId));
        }
    }
}
