using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;

namespace Watchdesk.Tenants;

/// <summary>Encrypts each key of the ring with a key of its own, which a key of the installation's Key Vault wraps.</summary>
sealed class KeyRingEncryptor(VaultKey vault) : IXmlEncryptor
{
    public EncryptedXmlInfo Encrypt(XElement plaintextElement)
    {
        var key = RandomNumberGenerator.GetBytes(32);
        var nonce = RandomNumberGenerator.GetBytes(AesGcm.NonceByteSizes.MaxSize);
        var plain = Encoding.UTF8.GetBytes(plaintextElement.ToString(SaveOptions.DisableFormatting));
        var (cipher, tag) = (new byte[plain.Length], new byte[AesGcm.TagByteSizes.MaxSize]);
        using (var aes = new AesGcm(key, tag.Length))
        {
            aes.Encrypt(nonce, plain, cipher, tag);
        }

        var (id, wrapped) = vault.WrapAsync(key, CancellationToken.None).GetAwaiter().GetResult();
        return new EncryptedXmlInfo(
            new XElement(
                "vaultKey",
                new XAttribute("id", id),
                new XElement("wrapped", Convert.ToBase64String(wrapped)),
                new XElement("nonce", Convert.ToBase64String(nonce)),
                new XElement("tag", Convert.ToBase64String(tag)),
                new XElement("cipher", Convert.ToBase64String(cipher))),
            typeof(KeyRingDecryptor));
    }
}

/// <summary>Undoes <see cref="KeyRingEncryptor"/>; the framework makes it by its name in the stored key.</summary>
sealed class KeyRingDecryptor(IServiceProvider services) : IXmlDecryptor
{
    public XElement Decrypt(XElement encryptedElement)
    {
        var vault = services.GetRequiredService<VaultKey>();
        var key = vault.UnwrapAsync(encryptedElement.Attribute("id")!.Value, Bytes("wrapped"), CancellationToken.None).GetAwaiter().GetResult();
        var (cipher, tag) = (Bytes("cipher"), Bytes("tag"));
        var plain = new byte[cipher.Length];
        using (var aes = new AesGcm(key, tag.Length))
        {
            aes.Decrypt(Bytes("nonce"), cipher, tag, plain);
        }

        return XElement.Parse(Encoding.UTF8.GetString(plain));

        byte[] Bytes(string name) => Convert.FromBase64String(encryptedElement.Element(name)!.Value);
    }
}
