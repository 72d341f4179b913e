using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Watchdesk.Clients;
using Watchdesk.Hosting;
using Watchdesk.Tenants;
using Watchdesk.Tenants.People;

namespace Watchdesk.Operations.Providers;

/// <summary>What tenants have entered for their providers, under the key ring: written, used by runners, never shown. Rows of <c>providers</c>, RK ~id.</summary>
public sealed class ProviderVault(ITables tables, EventLog log, UserStore users, CloudSecrets clouds, IDataProtectionProvider protection)
{
    const int MaxBytes = 16 * 1024;

    readonly IDataProtector protector = protection.CreateProtector("Watchdesk.Operations.Providers.v1");

    /// <summary>What a run of the provider uses: the person's own where the person has entered some, else the tenant's.</summary>
    /// <param name="user">Id of who asks; null for the desk itself.</param>
    public async Task<IReadOnlyDictionary<string, string>> ReadAsync(string tenant, Provider provider, string? user, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(provider);
        var values = new Dictionary<string, string>(await OpenAsync(tenant, provider.Id, cancellationToken), StringComparer.Ordinal);
        if (user is not null && provider is { Id: "aws", Runner: RunnerKind.Cli }
            && await users.GetAsync(tenant, user, cancellationToken) is { Cloud: { } cloud } && clouds.Open(cloud) is { } own)
        {
            values["region"] = own.Region!;
            values["awsAccessKeyId"] = own.AwsAccessKeyId!;
            values["awsSecretAccessKey"] = own.AwsSecretAccessKey!;
            values.Remove("awsSessionToken");
        }

        return values.Where(value => provider.Credentials.Any(credential => credential.Name == value.Key)).ToDictionary(StringComparer.Ordinal);
    }

    /// <summary>Which are entered, by name.</summary>
    public async Task<IReadOnlyCollection<string>> NamesAsync(string tenant, string provider, CancellationToken cancellationToken) => (await OpenAsync(tenant, provider, cancellationToken)).Keys;

    /// <summary>Keeps what is entered: a value left out stays, null takes it away.</summary>
    /// <exception cref="InvalidRequestException">One is not known or not as it must be; no value is repeated in the text.</exception>
    public async Task PutAsync(string tenant, Provider provider, IReadOnlyDictionary<string, string?> wanted, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(provider);
        ArgumentNullException.ThrowIfNull(wanted);
        var values = new Dictionary<string, string>(await OpenAsync(tenant, provider.Id, cancellationToken), StringComparer.Ordinal);
        foreach (var (name, value) in wanted)
        {
            var known = provider.Credentials.FirstOrDefault(credential => credential.Name == name)
                ?? throw new InvalidRequestException($"{provider.Id} has no {name}; it has {string.Join(", ", provider.Credentials.Select(credential => credential.Name))}.");
            if (value is null)
            {
                values.Remove(name);
            }
            else if (known.Fits(value.Trim()))
            {
                values[name] = value.Trim();
            }
            else
            {
                throw new InvalidRequestException($"{name} is not as it must be{(known.Pattern is null ? ": visible characters without spaces" : $": it must match {known.Pattern}")}.");
            }
        }

        var json = JsonSerializer.Serialize(values, ProvidersJson.Default.DictionaryStringString);
        if (json.Length > MaxBytes)
        {
            throw new InvalidRequestException($"What is entered for a provider has at most {MaxBytes} characters.");
        }

        var row = new TableRow(tenant, "~" + provider.Id) { ["V"] = 1, ["Values"] = protector.Protect(json) };
        await log.AppendRowsAsync(tenant, [(Tables.Providers, row)], cancellationToken);
        await tables.WriteAsync(Tables.Providers, TableWrite.Upsert(row), cancellationToken);
    }

    async Task<Dictionary<string, string>> OpenAsync(string tenant, string provider, CancellationToken cancellationToken)
    {
        if (await tables.GetAsync(Tables.Providers, tenant, "~" + provider, cancellationToken: cancellationToken) is not { } row)
        {
            return [];
        }

        try
        {
            return JsonSerializer.Deserialize(protector.Unprotect(row.Text("Values")!), ProvidersJson.Default.DictionaryStringString)!;
        }
        catch (CryptographicException)
        {
            // Sealed with a key ring that is gone: as if nothing were entered, which the run then says.
            return [];
        }
    }
}
