namespace Watchdesk.Clients;

/// <summary>Where tables, queues and blobs are, and the key when calls are signed with one.</summary>
/// <param name="Key">Null: calls carry a token of Microsoft Entra ID.</param>
public sealed record StorageAccount(string Name, byte[]? Key, Uri Tables, Uri Queues, Uri Blobs)
{
    const string EmulatorName = "devstoreaccount1";

    /// <summary>Published by Microsoft and the same everywhere: it protects nothing.</summary>
    const string EmulatorKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    /// <summary>True on this machine: connections are then dropped before the emulator drops them.</summary>
    public bool IsLocal => Tables.IsLoopback;

    public static StorageAccount Emulator(int tablePort, int queuePort, int blobPort) =>
        new(EmulatorName, Convert.FromBase64String(EmulatorKey), At(tablePort), At(queuePort), At(blobPort));

    public static StorageAccount Named(string name) => new(name, null, Of(name, "table"), Of(name, "queue"), Of(name, "blob"));

    /// <exception cref="FormatException">The text says which part is wrong, without the key.</exception>
    public static StorageAccount Parse(string connectionString)
    {
        var parts = Parts(connectionString);
        if (parts.GetValueOrDefault("UseDevelopmentStorage") is { } development)
        {
            return bool.TryParse(development, out var use) && use ? Emulator(10002, 10001, 10000)
                : throw new FormatException("UseDevelopmentStorage in the storage connection string is not true.");
        }

        var name = parts.GetValueOrDefault("AccountName") ?? throw new FormatException("The storage connection string has no AccountName.");
        var key = parts.GetValueOrDefault("AccountKey") ?? throw new FormatException("The storage connection string has no AccountKey.");
        return new StorageAccount(name, Decode(key), Endpoint("Table"), Endpoint("Queue"), Endpoint("Blob"));

        Uri Endpoint(string service) => parts.GetValueOrDefault(service + "Endpoint") is { } text
            ? Absolute(text, service)
            : Absolute($"{parts.GetValueOrDefault("DefaultEndpointsProtocol", "https")}://{name}.{service.ToLowerInvariant()}.{parts.GetValueOrDefault("EndpointSuffix", "core.windows.net")}", service);
    }

    /// <summary>The text that <see cref="Parse"/> reads.</summary>
    public string ToConnectionString() => Key is null
        ? throw new InvalidOperationException("An account without a key has no connection string.")
        : $"AccountName={Name};AccountKey={Convert.ToBase64String(Key)};TableEndpoint={Tables};QueueEndpoint={Queues};BlobEndpoint={Blobs}";

    public override string ToString() => $"storage account {Name}";

    /// <summary>Name and value of each part of a connection string, whatever the case of the name.</summary>
    internal static Dictionary<string, string> Parts(string connectionString)
    {
        var parts = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var part in connectionString.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                throw new FormatException("A part of the connection string is not name=value.");
            }

            parts[part[..equals]] = part[(equals + 1)..];
        }

        return parts;
    }

    static byte[] Decode(string key)
    {
        var bytes = new byte[key.Length];
        return Convert.TryFromBase64String(key, bytes, out var length) ? bytes[..length]
            : throw new FormatException("The AccountKey of the storage connection string is not base64.");
    }

    static Uri Absolute(string text, string service) => Uri.TryCreate(text.TrimEnd('/'), UriKind.Absolute, out var uri) && uri.Scheme.StartsWith("http", StringComparison.Ordinal)
        ? uri
        : throw new FormatException($"The {service}Endpoint of the storage connection string is not an http address.");

    static Uri At(int port) => new($"http://127.0.0.1:{port}/{EmulatorName}");

    static Uri Of(string name, string service) => new($"https://{name}.{service}.core.windows.net");
}
