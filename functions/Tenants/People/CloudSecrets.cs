using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Watchdesk.Hosting;

namespace Watchdesk.Tenants.People;

/// <summary>Credentials of a cloud as a person enters them; what is secret comes back as <see cref="CloudSecrets.Mask"/>.</summary>
public sealed record AwsCredentials(string? Region = null, string? AwsAccessKeyId = null, string? AwsSecretAccessKey = null)
{
    /// <summary>Never the key: records print their members.</summary>
    public override string ToString() => Region ?? "";
}

/// <summary>Keeps cloud credentials under the key ring: written, used by operations, never shown.</summary>
public sealed class CloudSecrets(IDataProtectionProvider protection)
{
    /// <summary>What an answer shows for a stored secret; sent back unchanged it keeps the secret.</summary>
    public const string Mask = "********";

    const int MaxLength = 200;

    readonly IDataProtector _protector = protection.CreateProtector("Watchdesk.Tenants.Cloud.v1");

    /// <summary>What to store when a person enters these.</summary>
    /// <exception cref="InvalidRequestException">A part is missing, too long, or masked with nothing stored.</exception>
    public CloudCredentials Keep(AwsCredentials wanted, CloudCredentials? stored)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        var missing = new[] { ("region", wanted.Region), ("awsAccessKeyId", wanted.AwsAccessKeyId), ("awsSecretAccessKey", wanted.AwsSecretAccessKey) }
            .Where(part => string.IsNullOrWhiteSpace(part.Item2)).Select(part => "awsCredentials." + part.Item1).ToList();
        if (missing.Count > 0)
        {
            throw new InvalidRequestException($"Required and missing: {string.Join(", ", missing)}.");
        }

        if (wanted.Region!.Length > MaxLength || wanted.AwsAccessKeyId!.Length > MaxLength || wanted.AwsSecretAccessKey!.Length > MaxLength || wanted.Region.Any(char.IsControl))
        {
            throw new InvalidRequestException($"region, awsAccessKeyId and awsSecretAccessKey have at most {MaxLength} characters each.");
        }

        if (wanted is { AwsAccessKeyId: not Mask, AwsSecretAccessKey: not Mask })
        {
            return Protect(wanted.Region, wanted.AwsAccessKeyId, wanted.AwsSecretAccessKey);
        }

        if (stored is null || Open(stored) is not { } old)
        {
            throw new InvalidRequestException($"{Mask} stands for a secret that is stored already, and none is: enter it.");
        }

        return Protect(
            wanted.Region,
            wanted.AwsAccessKeyId == Mask ? old.AwsAccessKeyId! : wanted.AwsAccessKeyId,
            wanted.AwsSecretAccessKey == Mask ? old.AwsSecretAccessKey! : wanted.AwsSecretAccessKey);
    }

    /// <summary>For what runs in the cloud in the person's name. Null when it cannot be read with this key ring.</summary>
    public AwsCredentials? Open(CloudCredentials stored)
    {
        ArgumentNullException.ThrowIfNull(stored);
        try
        {
            return JsonSerializer.Deserialize(_protector.Unprotect(stored.Protected), TenantsJson.Default.AwsCredentials)! with { Region = stored.Region };
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <summary>As an answer shows it.</summary>
    public static AwsCredentials? Masked(CloudCredentials? stored) => stored is null ? null : new AwsCredentials(stored.Region, Mask, Mask);

    CloudCredentials Protect(string region, string id, string secret) =>
        new(region.Trim(), _protector.Protect(JsonSerializer.Serialize(new AwsCredentials(null, id.Trim(), secret.Trim()), TenantsJson.Default.AwsCredentials)));
}
