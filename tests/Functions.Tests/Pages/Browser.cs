using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Watchdesk.Clients;
using Watchdesk.Tenants;
using Watchdesk.Tests.Support;

namespace Watchdesk.Tests.Pages;

/// <summary>A visitor without JavaScript: keeps cookies, follows nothing by itself, sends the forms of the page that it sees.</summary>
sealed partial class Browser(TestApp app) : IDisposable
{
    readonly HttpClient _client = app.Anonymous();
    readonly Dictionary<string, string> _cookies = new(StringComparer.Ordinal);

    /// <summary>What the last page was.</summary>
    public string Html { get; private set; } = "";

    public HttpResponseMessage Answer { get; private set; } = null!;

    public string? Location => Answer.Headers.Location?.OriginalString;

    public IReadOnlyDictionary<string, string> Cookies => _cookies;

    /// <summary>A browser with a session of a new person.</summary>
    public static async Task<Browser> SignedInAsync(TestApp app, Role role = Role.Admin, string login = "eve@example.org")
    {
        var now = app.Clock.GetUtcNow();
        var user = new User(Tenant.Main, Keys.NewId(now), login, login, role, false, now);
        (await app.Services.GetRequiredService<UserStore>().CreateAsync(user, now, default)).ShouldBeTrue();
        var browser = new Browser(app);
        browser._cookies[Sessions.Cookie] = await app.Services.GetRequiredService<Sessions>().BeginAsync(user, now, default);
        return browser;
    }

    public async Task<HttpStatusCode> OpenAsync(string path, string? ifNoneMatch = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (ifNoneMatch is not null)
        {
            request.Headers.Add("If-None-Match", ifNoneMatch);
        }

        return await SendAsync(request);
    }

    /// <summary>Sends the form of the page with this action, its hidden fields and what is filled in.</summary>
    public Task<HttpStatusCode> SubmitAsync(string action, params (string Name, string Value)[] fields)
    {
        var form = Form().Matches(Html).FirstOrDefault(match => WebUtility.HtmlDecode(match.Groups["action"].Value) == action);
        form.ShouldNotBeNull($"a form that posts to {action}");
        var hidden = Hidden().Matches(form.Value).Select(match => (Name: match.Groups["name"].Value, Value: WebUtility.HtmlDecode(match.Groups["value"].Value)));
        return PostAsync(action, [.. hidden, .. fields]);
    }

    public async Task<HttpStatusCode> PostAsync(string path, params (string Name, string Value)[] fields)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        request.Content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        return await SendAsync(request);
    }

    /// <summary>The antiforgery token of a page.</summary>
    public static string TokenOf(string html) => Hidden().Matches(html).First(match => match.Groups["name"].Value == "token").Groups["value"].Value;

    public void Dispose() => _client.Dispose();

    async Task<HttpStatusCode> SendAsync(HttpRequestMessage request)
    {
        if (_cookies.Count > 0)
        {
            request.Headers.Add("Cookie", string.Join("; ", _cookies.Select(cookie => $"{cookie.Key}={cookie.Value}")));
        }

        Answer = await _client.SendAsync(request);
        Html = await Answer.Content.ReadAsStringAsync();
        foreach (var cookie in Answer.Headers.TryGetValues("Set-Cookie", out var set) ? set : [])
        {
            var pair = cookie.Split(';')[0].Split('=', 2);
            _cookies.Remove(pair[0]);
            if (pair[1].Length > 0)
            {
                _cookies[pair[0]] = pair[1];
            }
        }

        return Answer.StatusCode;
    }

    [GeneratedRegex("""<form[^>]* action="(?<action>[^"]*)".*?</form>""", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Form();

    [GeneratedRegex("""<input type="hidden" name="(?<name>[^"]*)" value="(?<value>[^"]*)"\s*/?>""", RegexOptions.ExplicitCapture)]
    private static partial Regex Hidden();
}
