using System.Text.Json;
using Watchdesk.Hosting;
using Watchdesk.Tenants;

namespace Watchdesk.Operations.Providers;

/// <summary>A provider as an answer shows it: what can be asked, and what must still be entered.</summary>
/// <param name="Runner">cli, resourceManager or webhook.</param>
/// <param name="IsOwn">The tenant's own data, and not that of providers.json.</param>
public sealed record ProviderAnswer(string Id, string Name, RunnerKind Runner, bool IsOwn, IReadOnlyList<IntentAnswer> Intents, IReadOnlyList<CredentialAnswer> Credentials);

/// <param name="Role">The least that the asker must be.</param>
/// <param name="Phrases">How it is said, with the provider's name anywhere.</param>
public sealed record IntentAnswer(string Name, string Role, bool ChangesAnything, IReadOnlyList<string> Phrases, IReadOnlyList<string> Arguments);

/// <param name="IsSet">Entered; the value itself is never shown.</param>
public sealed record CredentialAnswer(string Name, bool IsSecret, bool IsRequired, bool IsSet);

public sealed record ProviderList(IReadOnlyList<ProviderAnswer> Items, string? Next = null);

/// <summary><c>/api/v1/operations/providers</c>: who can be asked, as data, and what is entered for each.</summary>
static class ProvidersApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var providers = routes.MapGroup("/api/v1/operations/providers").WithTags("operations");
        providers.MapGet("", ListAsync).Produces<ProviderList>().Requires(Role.Reader).WithSummary("Lists who can be asked, and for what");
        providers.MapGet("/{id}", GetAsync).Produces<ProviderAnswer>().Requires(Role.Reader).WithSummary("Shows a provider, without what is entered for it");
        providers.MapPut("/{id}", PutAsync).Accepts<Provider>("application/json").Produces<ProviderAnswer>().Requires(Role.Admin).WithSummary("Adds a provider, or puts it in the place of a built-in one");
        providers.MapDelete("/{id}", DeleteAsync).Produces(StatusCodes.Status204NoContent).Requires(Role.Admin).WithSummary("Takes a provider of the tenant away; a built-in one comes back");
        providers.MapPut("/{id}/credentials", CredentialsAsync).Accepts<Dictionary<string, string?>>("application/json").Produces<ProviderAnswer>().Requires(Role.Admin).WithSummary("Enters what a provider needs: null takes a value away, one left out stays");
    }

    static async Task<IResult> ListAsync(HttpContext context, ProviderStore store, ProviderVault vault)
    {
        var items = new List<ProviderAnswer>();
        foreach (var provider in (await store.ReadAsync(context.Caller().Tenant, context.RequestAborted)).Providers)
        {
            items.Add(await ShowAsync(context, vault, provider));
        }

        return TypedResults.Json(new ProviderList(items), ProvidersJson.Plain.ProviderList);
    }

    static async Task<IResult> GetAsync(HttpContext context, ProviderStore store, ProviderVault vault, string id) =>
        (await store.ReadAsync(context.Caller().Tenant, context.RequestAborted)).Find(id) is { } provider
            ? TypedResults.Json(await ShowAsync(context, vault, provider), ProvidersJson.Plain.ProviderAnswer)
            : TypedResults.NotFound();

    static async Task<IResult> PutAsync(HttpContext context, ProviderStore store, ProviderVault vault, string id)
    {
        var tenant = context.Caller().Tenant;
        var body = await context.Request.ReadBytesAsync(ProviderStore.MaxBytes);
        var provider = ProviderRules.Checked(JsonSerializer.Deserialize(body.Span, ProvidersJson.Default.Provider) ?? throw new InvalidRequestException("The body is null."));
        if (provider.Id != id)
        {
            throw new InvalidRequestException($"id is \"{id}\", as in the address.");
        }

        var table = await store.ReadAsync(tenant, context.RequestAborted);
        OwnRules.Check(tenant, provider, table);
        await store.PutAsync(tenant, provider, context.RequestAborted);
        return TypedResults.Json(await ShowAsync(context, vault, provider), ProvidersJson.Plain.ProviderAnswer);
    }

    static async Task<IResult> DeleteAsync(HttpContext context, ProviderStore store, string id) =>
        ProviderRules.Id().IsMatch(id) && await store.DeleteAsync(context.Caller().Tenant, id, context.RequestAborted) ? TypedResults.NoContent() : TypedResults.NotFound();

    static async Task<IResult> CredentialsAsync(HttpContext context, ProviderStore store, ProviderVault vault, string id)
    {
        var tenant = context.Caller().Tenant;
        var wanted = await context.Request.ReadAsync(ProvidersJson.Default.DictionaryStringString);
        if ((await store.ReadAsync(tenant, context.RequestAborted)).Find(id) is not { } provider)
        {
            return TypedResults.NotFound();
        }

        await vault.PutAsync(tenant, provider, wanted.ToDictionary(value => value.Key, value => (string?)value.Value, StringComparer.Ordinal), context.RequestAborted);
        return TypedResults.Json(await ShowAsync(context, vault, provider), ProvidersJson.Plain.ProviderAnswer);
    }

    static async Task<ProviderAnswer> ShowAsync(HttpContext context, ProviderVault vault, Provider provider)
    {
        var set = await vault.NamesAsync(context.Caller().Tenant, provider.Id, context.RequestAborted);
        return new ProviderAnswer(
            provider.Id,
            provider.Name,
            provider.Runner,
            !ReferenceEquals(ProviderTable.BuiltIn.Find(provider.Id), provider),
            [.. provider.Intents.Select(intent => new IntentAnswer(intent.Name, intent.Role.ToString().ToLowerInvariant(), intent.ChangesAnything, intent.Phrases, [.. intent.Arguments.Select(argument => argument.Name)]))],
            [.. provider.Credentials.Select(credential => new CredentialAnswer(credential.Name, credential.IsSecret, credential.IsRequired, set.Contains(credential.Name)))]);
    }
}
