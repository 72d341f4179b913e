using System.Text;
using System.Text.Json;
using Watchdesk.Hosting;
using Watchdesk.Tenants;

namespace Watchdesk.Configuration;

/// <summary><c>/api/v1/config</c>: everything that a tenant has set up as one document, JSON or YAML.</summary>
static class ConfigApi
{
    const string Yaml = "application/yaml";
    const int MaxSaid = 10;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var config = routes.MapGroup("/api/v1/config").WithTags("config").Requires(Role.Admin);
        config.MapGet("", GetAsync).Produces<JsonElement>().WithSummary("Shows jobs, channels and rules as one document");
        config.MapPut("", PutAsync).Accepts<JsonElement>("application/json", Yaml, "application/x-yaml", "text/yaml", "text/plain").Produces<ConfigAnswer>().WithSummary("Applies a document of jobs, channels and rules");
    }

    static async Task<IResult> GetAsync(HttpContext context, ConfigDesk desk)
    {
        var document = await desk.ExportAsync(context.Caller().Tenant, context.RequestAborted);
        return context.Request.Headers.Accept.ToString().Contains("yaml", StringComparison.OrdinalIgnoreCase)
            ? TypedResults.Text(ConfigYamlWriter.Write(document), Yaml, Encoding.UTF8)
            : TypedResults.Json(document, ConfigJson.Plain.JsonElement);
    }

    static async Task<IResult> PutAsync(HttpContext context, ConfigDesk desk)
    {
        var isDry = IsDry(context.Request.Query);
        var document = await ReadAsync(context.Request, desk.Members);
        var plan = await desk.PlanAsync(context.Caller(), document, context.RequestAborted);
        if (plan.Errors.Count > 0)
        {
            return new Problem(StatusCodes.Status400BadRequest, Say(plan.Errors)) { Errors = plan.Errors };
        }

        if (!isDry)
        {
            await ConfigDesk.ApplyAsync(plan, context.RequestAborted);
        }

        var changes = plan.Steps.Select(step => step.Difference).ToList();
        return TypedResults.Json(
            new ConfigAnswer(
                isDry, Count(ConfigChange.Created), Count(ConfigChange.Changed), Count(ConfigChange.Removed), plan.Unchanged, changes, [.. changes.Select(change => change.ToString())]),
            ConfigJson.Plain.ConfigAnswer);

        int Count(ConfigChange what) => changes.Count(change => change.Change == what);
    }

    static bool IsDry(IQueryCollection query) => query.TryGetValue("dryRun", out var value) && value.ToString() switch
    {
        "" or "1" or "true" => true,
        "0" or "false" => false,
        _ => throw new InvalidRequestException("dryRun is true or false."),
    };

    static string Say(IReadOnlyList<ProblemPart> errors)
    {
        var first = errors.Take(MaxSaid).Select(error => $"{(error.Line is { } line ? $"Line {line}, " : "")}{error.Path}: {error.Reason}");
        return $"Nothing was written. {string.Join(' ', first)}{(errors.Count > MaxSaid ? $" And {errors.Count - MaxSaid} more." : "")}";
    }

    /// <summary>As JSON when it says so, else as YAML.</summary>
    static async Task<ConfigDocument> ReadAsync(HttpRequest request, IReadOnlyList<string> members)
    {
        using var bytes = new MemoryStream();
        await CopyAsync(request.Body, bytes, request.HttpContext.RequestAborted);
        bytes.Position = 0;
        if (request.HasJsonContentType())
        {
            using var json = await JsonDocument.ParseAsync(bytes, default, request.HttpContext.RequestAborted);
            return ConfigDocument.Of(json.RootElement.Clone(), new Dictionary<string, int>(), members);
        }

        using var reader = new StreamReader(bytes, new UTF8Encoding(false, throwOnInvalidBytes: true));
        try
        {
            var (root, lines) = ConfigYaml.Read(await reader.ReadToEndAsync(request.HttpContext.RequestAborted));
            return ConfigDocument.Of(root, lines, members);
        }
        catch (DecoderFallbackException)
        {
            throw new InvalidRequestException("The document is not UTF-8.");
        }
    }

    static async Task CopyAsync(Stream from, MemoryStream to, CancellationToken cancellationToken)
    {
        var buffer = new byte[16 * 1024];
        for (int read; (read = await from.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            to.Write(buffer, 0, read);
            if (to.Length > ConfigDocument.MaxBytes)
            {
                throw new InvalidRequestException($"The document has more than {ConfigDocument.MaxBytes / 1024} KiB.");
            }
        }
    }
}
