using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Watchdesk.Clients;

namespace Watchdesk.Notices.Push;

/// <summary>The installation's one key, made when it is first needed: the row vapid of meta, protected at rest. A new key ends every subscription.</summary>
sealed class VapidKeys(ITables tables, IDataProtectionProvider protection)
{
    const string Name = "vapid";
    readonly IDataProtector _protector = protection.CreateProtector("Watchdesk.Notices.Vapid.v1");
    volatile VapidKey? _known;

    public async Task<VapidKey> GetAsync(CancellationToken cancellationToken)
    {
        while (_known is null)
        {
            var row = await tables.GetAsync(Tables.Meta, "m", Name, cancellationToken: cancellationToken);
            if (row is not null && Open(row) is { } stored)
            {
                return _known = stored;
            }

            var made = VapidKey.New();
            var written = new TableRow("m", Name) { ["V"] = 1, ["Key"] = _protector.Protect(made.Text()) };
            if ((await tables.WriteAsync(Tables.Meta, row is null ? TableWrite.Insert(written) : TableWrite.Replace(written, row.ETag!), cancellationToken)).IsDone)
            {
                return _known = made;
            }
        }

        return _known;
    }

    /// <summary>Null when another key ring protected it.</summary>
    VapidKey? Open(TableRow row)
    {
        try
        {
            return VapidKey.Read(_protector.Unprotect(row.Text("Key") ?? ""));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
