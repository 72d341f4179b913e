using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Watchdesk.Clients;
using Watchdesk.Incidents.Search;
using Watchdesk.Mail.Search;
using Watchdesk.Tenants;

namespace Watchdesk.Tests.Mail.Search;

public sealed class SearchTests : IAsyncLifetime
{
    MailDesk _desk = null!;

    public async Task InitializeAsync() => _desk = await MailDesk.StartAsync();

    public async Task DisposeAsync() => await _desk.DisposeAsync();

    [Theory]
    [InlineData("disk",                 "Disk full on db01")]
    [InlineData("DISK full",            "Disk full on db01")]
    [InlineData("uberlauf",             "Überlauf der Queue")]
    [InlineData("db01.example.org",     "Disk full on db01")]
    [InlineData("queu*",                "Überlauf der Queue")]
    [InlineData("\"no space left\"",    "Disk full on db01")]
    [InlineData("disk queue",           "")]
    [InlineData("\"left space\"",       "")]
    [InlineData("dis",                  "")]
    [Trait("Demand", "S3-24")]
    public async Task Mails_are_found_by_all_of_their_words(string q, string subject)
    {
        await _desk.SendAsync("Disk full on db01", "no space\nleft on /dev/sda1 :svr:db01.example.org");
        await _desk.SendAsync("Überlauf der Queue", "9000 waiting; space: none left");

        var found = (await SearchAsync(q)).Items;

        string.Join('|', found.Select(item => item.GetProperty("title").GetString())).ShouldBe(subject);
    }

    [Fact]
    public async Task Incidents_are_found_by_name_owner_and_comments()
    {
        await _desk.SendAsync(":critical: Disk full on db01", "no space");
        var incident = (await _desk.IncidentsAsync()).Single().GetProperty("id").GetString();
        (await _desk.Client.PostAsJsonAsync($"/api/v1/incidents/{incident}/comment", new { text = "It was the archive of Montgomery." })).IsSuccessStatusCode.ShouldBeTrue();
        await _desk.App.SettleAsync();

        var found = (await SearchAsync("disk montgomery")).Items.ShouldHaveSingleItem();

        (found.GetProperty("kind").GetString(), found.GetProperty("id").GetString(), found.GetProperty("state").GetString()).ShouldBe(("incident", incident, "open"));
        (await SearchAsync("disk&kind=incident")).Items.Count.ShouldBe(1);
        (await SearchAsync("disk&kind=mail")).Items.ShouldHaveSingleItem().GetProperty("kind").GetString().ShouldBe("mail");
        (await SearchAsync("disk")).Items.Count.ShouldBe(2);
    }

    [Fact]
    public async Task The_newest_come_first_and_older_ones_on_the_next_pages()
    {
        for (var n = 0; n < 25; n++)
        {
            await _desk.SendAsync($"Backup of host{n}x");
            _desk.App.Clock.Advance(TimeSpan.FromHours(7));
        }

        var titles = new List<string?>();
        string? next = null;
        do
        {
            (var items, next) = await SearchAsync($"backup&next={next}");
            titles.AddRange(items.Select(item => item.GetProperty("title").GetString()));
        }
        while (next is not null);

        titles.ShouldBe(Enumerable.Range(0, 25).Reverse().Select(n => $"Backup of host{n}x"));
    }

    /// <summary>Each word stands on each day, but never in one mail with the other.</summary>
    [Fact]
    public async Task A_page_makes_at_most_50_calls_and_says_where_it_goes_on()
    {
        for (var n = 0; n < 40; n++)
        {
            await _desk.SendAsync("Apples");
            await _desk.SendAsync("Pears");
            _desk.App.Clock.Advance(TimeSpan.FromDays(1));
        }

        var search = _desk.App.Services.GetRequiredService<SearchDesk>();
        _desk.App.Tables.ResetCounts();

        var answer = await search.RunAsync(Tenant.Main, SearchQuery.Parse("apples pears"), null, null, default);

        _desk.App.Tables.Counts.Reads.ShouldBeInRange(40, SearchDesk.MaxCalls);
        answer.Items.ShouldBeEmpty();
        answer.Next.ShouldNotBeNull();
        (await search.RunAsync(Tenant.Main, SearchQuery.Parse("apples pears"), null, answer.Next, default)).Next.ShouldBeNull();
    }

    [Fact]
    public async Task A_word_of_no_mail_costs_a_call_a_month()
    {
        var search = _desk.App.Services.GetRequiredService<SearchDesk>();
        _desk.App.Tables.ResetCounts();

        var answer = await search.RunAsync(Tenant.Main, SearchQuery.Parse("nothing like it"), null, null, default);

        _desk.App.Tables.Counts.Reads.ShouldBe(12);
        answer.Next.ShouldBeNull();
    }

    /// <summary>The lists and the search read what they show, however much there is.</summary>
    [Theory]
    [InlineData("/api/v1/incidents",                3)]
    [InlineData("/api/v1/incidents?state=resolved", 3)]
    [InlineData("/api/v1/mail",                     3)]
    [InlineData("/api/v1/search?q=disk",            30)]
    public async Task Calls_do_not_change_with_ten_times_the_data(string path, int most)
    {
        await SendManyAsync(60, from: 0);
        var before = await CallsAsync(path);

        await SendManyAsync(540, from: 60);

        (await CallsAsync(path)).ShouldBe(before);
        before.ShouldBeLessThanOrEqualTo(most);
    }

    async Task SendManyAsync(int mails, int from)
    {
        for (var n = from; n < from + mails; n++)
        {
            await _desk.PostAsync(System.Text.Encoding.UTF8.GetBytes($"From: a@b.c\r\nSubject: :warn: Disk of host{n}x full\r\n\r\ntext"));
            _desk.App.Clock.Advance(TimeSpan.FromMinutes(3));
            if (n % 10 == 9)
            {
                await _desk.App.SettleAsync();
            }
        }
    }

    async Task<long> CallsAsync(string path)
    {
        await _desk.GetAsync(path);
        _desk.App.Tables.ResetCounts();
        await _desk.GetAsync(path);
        return _desk.App.Tables.Counts.Reads;
    }

    [Fact]
    public async Task The_same_twice_is_one_pair_and_a_full_row_begins_another()
    {
        var index = _desk.App.Services.GetRequiredService<WordIndex>();
        var now = _desk.App.Clock.GetUtcNow();
        Indexed[] entries = [.. Enumerable.Range(0, 1500).Select(n => new Indexed(new Found(FoundKind.Mail, Keys.NewId(now.AddMilliseconds(n))), ["word"]))];

        foreach (var chunk in entries.Chunk(400).Concat(entries.Chunk(400).TakeLast(1)))
        {
            await index.AddAsync(Tenant.Main, chunk, default);
        }

        (await index.ReadAsync(Tenant.Main, WordIndex.Day(now), "word", isPrefix: false, default)).Found.Count.ShouldBe(1500);
        _desk.App.Tables.Rows(Tables.Words).Count.ShouldBe(3);
    }

    [Fact]
    public async Task Words_go_when_their_mails_do()
    {
        await _desk.SendAsync("Диск полон on db01");
        _desk.Rows(Tables.Words).ShouldBeGreaterThan(3);

        await _desk.RunToAsync(_desk.App.Clock.GetUtcNow().AddDays(103), TimeSpan.FromDays(1));

        _desk.Rows(Tables.Words).ShouldBe(0);
        _desk.Rows(Tables.Mails).ShouldBe(0);
    }

    [Theory]
    [InlineData("")]
    [InlineData("%20")]
    [InlineData("a")]
    [InlineData("aa bb cc dd ee ff gg hh ii")]
    [InlineData("disk&kind=job")]
    [InlineData("disk&next=x")]
    public async Task What_cannot_be_searched_for_is_said(string q) =>
        (await _desk.Client.GetAsync($"/api/v1/search?q={q}")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);

    [Fact]
    public async Task The_page_marks_hits_in_text_that_stays_text()
    {
        await _desk.SendAsync("Disk full", "<script>alert(1)</script> the disk of <b>web</b>");
        using var browser = await Pages.Browser.SignedInAsync(_desk.App, Role.Reader);

        await browser.OpenAsync("/search?q=disk");

        browser.Html.ShouldContain("<mark>disk</mark>");
        browser.Html.ShouldContain("&lt;script&gt;alert(1)");
        await browser.OpenAsync("/search?q=nothing");
        browser.Html.ShouldContain("Nothing in the last 90 days");
        (await browser.OpenAsync("/search?q=%22")).ShouldBe(HttpStatusCode.BadRequest);
        await browser.OpenAsync("/search");
        browser.Html.ShouldNotContain("Found</h2>");
    }

    async Task<(IReadOnlyList<JsonElement> Items, string? Next)> SearchAsync(string q)
    {
        var answer = await _desk.GetAsync($"/api/v1/search?q={q}");
        return ([.. answer.GetProperty("items").EnumerateArray()], answer.TryGetProperty("next", out var next) ? next.GetString() : null);
    }
}
