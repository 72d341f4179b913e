using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Watchdesk.Hosting;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Tenants.People;

/// <summary>Calls as a client of version 1.0 makes them.</summary>
static class PeopleCalls
{
    public const string Password = "a good password";

    public const string Eve = """
        {"email":"Eve@Example.org","name":"Eve","password":"a good password","slackUser":"U042","riaId":"101",
         "awsCredentials":{"region":"us-west-2","awsAccessKeyId":"AKIA-of-eve","awsSecretAccessKey":"secret-of-eve"}}
        """;

    public static void SignUpIs(WebApplicationBuilder builder, string how) =>
        builder.Services.AddSingleton(Options.Create(new DeskOptions { SignUp = how, PublicUrl = "https://desk.example.org" }));

    public static HttpClient AsPerson(this TestApp app, string email, string password = Password)
    {
        var client = app.Anonymous();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{email}:{password}")));
        return client;
    }

    public static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    public static async Task<(HttpStatusCode Status, JsonElement Body)> CallAsync(this HttpClient client, string method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Content = body is null ? null : Json(body);
        using var answer = await client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return (answer.StatusCode, text.Length == 0 ? default : JsonDocument.Parse(text).RootElement);
    }
}
