using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Watchdesk.Clients;
using Watchdesk.Operations.Providers;
using Watchdesk.Tenants;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Operations.Providers;

public sealed class ProvidersApiTests : IAsyncLifetime
{
    const string Address = "/api/v1/operations/providers";
    const string Secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
    static readonly string[] Names = ["region", "awsAccessKeyId", "awsSecretAccessKey"];

    TestApp app = null!;

    public async Task InitializeAsync() => app = await TestApp.StartAsync();

    public async Task DisposeAsync() => await app.DisposeAsync();

    [Fact]
    [Trait("Demand", "S3-5")]
    [Trait("Demand", "S3-18")]
    public async Task Credentials_are_written_and_never_shown()
    {
        using var admin = await app.SignedInAsync();

        var put = await PutAsync(admin, "/aws/credentials", $$"""{"region":"eu-west-1","awsAccessKeyId":"AKIAIOSFODNN7EXAMPLE","awsSecretAccessKey":"{{Secret}}"}""");
        var shown = await admin.GetStringAsync($"{Address}/aws");

        put.Status.ShouldBe(HttpStatusCode.OK);
        (put.Text + shown).ShouldNotContain("AKIA");
        (put.Text + shown).ShouldNotContain(Secret);
        Set(shown).ShouldBe(Names);
        var row = (await app.Tables.GetAsync(Tables.Providers, "main", "~aws"))!;
        row.Text("Values")!.ShouldNotContain("AKIA");
        var values = await app.Services.GetRequiredService<ProviderVault>().ReadAsync("main", ProviderTable.BuiltIn.Find("aws")!, null, default);
        values["awsSecretAccessKey"].ShouldBe(Secret);
        (await PutAsync(admin, "/aws/credentials", """{"awsAccessKeyId":null}""")).Status.ShouldBe(HttpStatusCode.OK);
        Set(await admin.GetStringAsync($"{Address}/aws")).ShouldBe(["region", "awsSecretAccessKey"]);
    }

    [Theory]
    [InlineData("""{"password":"x"}""", "aws has no password")]
    [InlineData("""{"region":"nowhere"}""", "region is not as it must be")]
    [InlineData("""{"awsSecretAccessKey":"a b"}""", "awsSecretAccessKey is not as it must be: visible characters")]
    public async Task A_wrong_one_is_named_and_not_repeated(string json, string says)
    {
        using var admin = await app.SignedInAsync();

        var put = await PutAsync(admin, "/aws/credentials", json);

        put.Status.ShouldBe(HttpStatusCode.BadRequest);
        put.Text.ShouldContain(says);
        put.Text.ShouldNotContain("a b");
    }

    [Fact]
    [Trait("Demand", "S3-6")]
    public async Task Only_an_admin_writes()
    {
        using var approver = await app.SignedInAsync(Role.Approver);

        (await PutAsync(approver, "/aws/credentials", "{}")).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await PutAsync(approver, "/tea", "{}")).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await approver.DeleteAsync($"{Address}/tea")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await approver.GetAsync(Address)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await approver.GetAsync($"{Address}/nobody")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    [Trait("Demand", "S3-13")]
    public async Task A_provider_is_put_and_taken_away()
    {
        const string tea = """{"id":"tea","name":"Tea","runner":"cli","cli":{"program":"brew"},"intents":[{"name":"brew","phrases":["brew now"],"command":["cup"]}]}""";
        using var admin = await app.SignedInAsync();

        (await PutAsync(admin, "/tea", tea)).Status.ShouldBe(HttpStatusCode.OK);
        (await PutAsync(admin, "/coffee", tea)).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await PutAsync(admin, "/tea", tea.Replace("brew\"}", "/bin/sh\"}"))).Text.ShouldContain("cli.program");
        var own = await admin.GetFromJsonAsync<JsonElement>($"{Address}/tea");
        own.GetProperty("isOwn").GetBoolean().ShouldBeTrue();
        own.GetProperty("runner").GetString().ShouldBe("cli");
        (await app.Services.GetRequiredService<ProviderStore>().ReadAsync("main", default)).Match("tea brew now").Kind.ShouldBe(MatchKind.Intent);
        (await admin.DeleteAsync($"{Address}/tea")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await admin.DeleteAsync($"{Address}/tea")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    [Trait("Demand", "S3-6")]
    public async Task Another_team_changes_intents_and_not_what_is_run()
    {
        var aws = ProviderTable.BuiltIn.Find("aws")!;
        var table = ProviderTable.BuiltIn;

        OwnRules.Check("other", aws with { Intents = [] }, table);
        OwnRules.Check("other", new Provider("hook", "Hook", RunnerKind.Webhook), table);
        foreach (var wanted in new[] { aws with { Cli = new Cli("sh") }, aws with { Credentials = [] }, new Provider("sh", "Shell", RunnerKind.Cli) { Cli = new Cli("sh") } })
        {
            Should.Throw<Watchdesk.Hosting.InvalidRequestException>(() => OwnRules.Check("other", wanted, table)).Message.ShouldContain("tenant main");
            OwnRules.Check("main", wanted, table);
        }

        await Task.CompletedTask;
    }

    [Fact]
    [Trait("Demand", "S3-15")]
    public async Task A_person_who_has_entered_a_key_uses_that_one()
    {
        var users = app.Services.GetRequiredService<UserStore>();
        var clouds = app.Services.GetRequiredService<Watchdesk.Tenants.People.CloudSecrets>();
        var vault = app.Services.GetRequiredService<ProviderVault>();
        var aws = ProviderTable.BuiltIn.Find("aws")!;
        await vault.PutAsync("main", aws, new Dictionary<string, string?> { ["region"] = "eu-west-1", ["awsAccessKeyId"] = "AKIAIOSFODNN7EXAMPLE", ["awsSecretAccessKey"] = Secret, ["awsSessionToken"] = "t" }, default);
        var person = new User("main", Keys.NewId(app.Clock.GetUtcNow()), "ada@example.org", "Ada", Role.Operator, false, app.Clock.GetUtcNow())
        {
            Cloud = clouds.Keep(new("us-east-1", "AKIAOFADAADAADAADAAD", "secret-of-ada"), null),
        };
        (await users.CreateAsync(person, app.Clock.GetUtcNow(), default)).ShouldBeTrue();

        var own = await vault.ReadAsync("main", aws, person.Id, default);
        var teams = await vault.ReadAsync("main", aws, null, default);

        (own["region"], own["awsAccessKeyId"], own.ContainsKey("awsSessionToken")).ShouldBe(("us-east-1", "AKIAOFADAADAADAADAAD", false));
        (teams["region"], teams["awsSessionToken"]).ShouldBe(("eu-west-1", "t"));
    }

    static async Task<(HttpStatusCode Status, string Text)> PutAsync(HttpClient client, string path, string json)
    {
        using var content = new StringContent(json, System.Text.Encoding.UTF8, "application/json");
        var answer = await client.PutAsync(Address + path, content);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    static IEnumerable<string?> Set(string json) =>
        JsonDocument.Parse(json).RootElement.GetProperty("credentials").EnumerateArray().Where(one => one.GetProperty("isSet").GetBoolean()).Select(one => one.GetProperty("name").GetString());
}
