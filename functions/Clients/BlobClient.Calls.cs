using Azure;
using Azure.Core;

namespace Watchdesk.Clients;

public sealed partial class BlobClient
{
    /// <summary>The new ETag; null when the condition does not hold.</summary>
    async Task<string?> PutAsync(
        string container, string name, ReadOnlyMemory<byte> content, string contentType, string blobType, (string Name, string? Value) condition, CancellationToken cancellationToken)
    {
        const string Call = "PUT /{container}/{blob}";
        for (var isFirst = true; ; isFirst = false)
        {
            using var message = Create(RequestMethod.Put, Path(container, name));
            var headers = message.Request.Headers;
            headers.Add("x-ms-blob-type", blobType);
            headers.Add("x-ms-blob-content-type", contentType);
            Condition(message, condition);
            message.Request.Content = RequestContent.Create(content);
            var response = await service.SendAsync(message, Call, cancellationToken);
            if (response.Status == 201)
            {
                return ETag(response);
            }

            if (IsRefused(response))
            {
                return null;
            }

            if (!isFirst || RemoteErrors.Code(response) != "ContainerNotFound")
            {
                throw service.Error(Call, response);
            }

            await CreateContainerAsync(container, cancellationToken);
        }
    }

    async Task<bool> DeleteAsync(string container, string name, (string Name, string? Value) condition, CancellationToken cancellationToken)
    {
        const string Call = "DELETE /{container}/{blob}";
        using var message = Create(RequestMethod.Delete, Path(container, name));
        Condition(message, condition);
        var response = await service.SendAsync(message, Call, cancellationToken);
        return response.Status == 202 || (IsMissing(response) || IsRefused(response) ? false : throw service.Error(Call, response));
    }

    async Task CreateContainerAsync(string container, CancellationToken cancellationToken)
    {
        const string Call = "PUT /{container}?restype=container";
        using var message = Create(RequestMethod.Put, $"/{container}?restype=container");
        var response = await service.SendAsync(message, Call, cancellationToken);
        if (response.Status != 201 && RemoteErrors.Code(response) != "ContainerAlreadyExists")
        {
            throw service.Error(Call, response);
        }
    }

    HttpMessage Create(RequestMethod method, string path)
    {
        var message = service.Create(method, path);
        message.Request.Headers.Add("x-ms-version", StorageServices.Version);
        return message;
    }

    static void Condition(HttpMessage message, (string Name, string? Value) condition)
    {
        if (condition.Value is not null)
        {
            message.Request.Headers.Add(condition.Name, condition.Value);
        }
    }

    static string Path(string container, string name)
    {
        if (name.Length is 0 or > 1024 || name.Split('/').Any(part => part is "" or "." or ".."))
        {
            throw new ArgumentException($"The blob name '{name}' is not 1 to 1024 characters in parts between single slashes.", nameof(name));
        }

        return $"/{StorageNames.Check(container, "container")}/{string.Join('/', name.Split('/').Select(Uri.EscapeDataString))}";
    }

    static bool IsMissing(Response response) => response.Status == 404 && RemoteErrors.Code(response) is "BlobNotFound" or "ContainerNotFound";

    static bool IsRefused(Response response) => RemoteErrors.Code(response) is "BlobAlreadyExists" or "ConditionNotMet";

    static string ETag(Response response) => Header(response, "ETag") ?? "";

    static string? Header(Response response, string name) => response.Headers.TryGetValue(name, out var value) ? value : null;
}
