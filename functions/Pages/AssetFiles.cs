using System.Collections.Frozen;
using System.Reflection;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Authorization;

namespace Watchdesk.Pages;

/// <summary>The files of wwwroot, from the program itself. An address with the content's hash may be kept for ever.</summary>
static class AssetFiles
{
    const string Folder = "wwwroot/";
    const string ServiceWorker = "sw.js";

    static readonly FrozenDictionary<string, Asset> All = Read().ToFrozenDictionary(asset => asset.Name, StringComparer.Ordinal);

    /// <summary>The address of a file, with its hash.</summary>
    public static string Url(string name) => $"/assets/{name}?v={All[name].Hash}";

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/assets/{name}", Get).WithMetadata(new AllowAnonymousAttribute()).ExcludeFromDescription();

    static IResult Get(HttpContext context, string name)
    {
        if (!All.TryGetValue(name, out var asset))
        {
            return TypedResults.NotFound();
        }

        if (name == ServiceWorker)
        {
            // It stands below /assets and is for the whole desk.
            context.Response.Headers["Service-Worker-Allowed"] = "/";
        }

        context.Response.Headers.CacheControl = context.Request.Query["v"] == asset.Hash ? "public, max-age=31536000, immutable" : "no-cache";
        return TypedResults.Bytes(asset.Content, asset.Type, entityTag: new Microsoft.Net.Http.Headers.EntityTagHeaderValue($"\"{asset.Hash}\""));
    }

    static IEnumerable<Asset> Read()
    {
        var assembly = Assembly.GetExecutingAssembly();
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Folder, StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(resource)!;
            var content = new byte[stream.Length];
            stream.ReadExactly(content);
            yield return new Asset(resource[Folder.Length..], TypeOf(resource), content, Convert.ToHexStringLower(SHA256.HashData(content))[..16]);
        }
    }

    static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        ".png" => "image/png",
        ".webmanifest" => "application/manifest+json",
        _ => "application/octet-stream",
    };

    sealed record Asset(string Name, string Type, byte[] Content, string Hash);
}
