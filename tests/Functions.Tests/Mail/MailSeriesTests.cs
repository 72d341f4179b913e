using System.Globalization;
using System.Net;
using System.Text.Json;
using Watchdesk.Clients;

namespace Watchdesk.Tests.Mail;

/// <summary>The seed's cron example and its kin: scheduled mails that do not come, or come too often.</summary>
public sealed class MailSeriesTests : IAsyncLifetime
{
    const string Backup = "Backup of db1 done :info: :sched-perday-2: :org:datamer.data.db.olap: :svr:db1.example.org";

    MailDesk _desk = null!;

    public async Task InitializeAsync() => _desk = await MailDesk.StartAsync("2026-11-01T08:00:00Z");

    public async Task DisposeAsync() => await _desk.DisposeAsync();

    [Fact]
    [Trait("Demand", "S4-27")]
    [Trait("Demand", "S4-10")]
    [Trait("Demand", "S4-13")]
    [Trait("Demand", "S4-15b")]
    public async Task The_backup_mail_comes_twice_a_day_and_then_the_cron_stops()
    {
        for (var day = 1; day <= 14; day++)
        {
            await SendAtAsync(day, "09:02", Backup);
            await SendAtAsync(day, "21:02", Backup);
        }

        (await _desk.IncidentsAsync()).ShouldBeEmpty();
        await SendAtAsync(15, "09:02", Backup);
        var deadline = (await _desk.SeriesAsync()).GetProperty("deadline").GetDateTimeOffset();
        deadline.ShouldBeInRange(At(15, "21:02"), At(16, "03:02"));
        await _desk.RunToAsync(deadline.AddSeconds(-10));
        (await _desk.IncidentsAsync()).ShouldBeEmpty();

        await _desk.RunToAsync(deadline.AddSeconds(10));

        var incident = (await _desk.IncidentsAsync()).ShouldHaveSingleItem();
        var by = deadline.UtcDateTime.ToString("HH:mm", CultureInfo.InvariantCulture);
        incident.GetProperty("name").GetString().ShouldBe("Backup of db1 done");
        incident.GetProperty("reason").GetString().ShouldBe($"Got 1 of 2±0 in the last 24 h, last 09:02, expected by {by} (datamer.data.db.olap)");
        incident.GetProperty("severity").GetString().ShouldBe("info");
        (await _desk.GetAsync($"/api/v1/incidents/{incident.GetProperty("id").GetString()}")).GetProperty("host").GetString().ShouldBe("db1.example.org");

        await SendAtAsync(16, "09:02", Backup);
        await SendAtAsync(16, "21:02", Backup);
        (await _desk.IncidentsAsync()).ShouldBeEmpty();
    }

    [Fact]
    [Trait("Demand", "S4-27")]
    [Trait("Demand", "S4-13")]
    public async Task The_backup_mail_comes_too_often()
    {
        await SendAtAsync(1, "09:02", Backup);
        await SendAtAsync(1, "21:02", Backup);
        (await _desk.IncidentsAsync()).ShouldBeEmpty();
        await SendAtAsync(1, "21:10", Backup.Replace(":info:", ":critical:"));

        var incident = (await _desk.IncidentsAsync()).ShouldHaveSingleItem();
        incident.GetProperty("reason").GetString()!.ShouldStartWith("Too many: got at least 3 of 2±0 in the last 24 h, last 21:10");
        incident.GetProperty("severity").GetString().ShouldBe("critical");
    }

    [Theory]
    [Trait("Demand", "S4-11")]
    [Trait("Demand", "S4-12")]
    [Trait("Demand", "S4-13")]
    [InlineData(":sched-perhour-1:",   "01:00:00",    "02:00:00",    "in the last 60 min")]
    [InlineData(":sched-permonth-1:",  "30.00:00:00", "45.00:00:00", "in the last 30 d")]
    [InlineData(":sched-perday-1:",    "1.00:00:00",  "2.00:00:00",  "in the last 24 h")]
    public async Task Hours_and_months_are_counted_alike(string tag, string every, string silence, string says)
    {
        for (var n = 0; n < 3; n++)
        {
            await _desk.SendAsync($"Report {tag} :warn:");
            await _desk.RunToAsync(_desk.App.Clock.GetUtcNow() + TimeSpan.Parse(every), TimeSpan.Parse(every) / 20);
        }

        (await _desk.IncidentsAsync()).ShouldBeEmpty();
        await _desk.RunToAsync(_desk.App.Clock.GetUtcNow() + TimeSpan.Parse(silence), TimeSpan.Parse(every) / 20);

        var incident = (await _desk.IncidentsAsync()).ShouldHaveSingleItem();
        incident.GetProperty("reason").GetString()!.ShouldContain($"Got 0 of 1±0 {says}");
        incident.GetProperty("severity").GetString().ShouldBe("warning");
    }

    [Fact]
    [Trait("Demand", "S4-10")]
    public async Task Within_its_variance_nothing_is_told()
    {
        var tag = Backup.Replace("perday-2:", "perday-2/1:");
        await SendAtAsync(1, "09:02", tag);
        await SendAtAsync(1, "12:02", tag);
        await SendAtAsync(1, "21:02", tag);
        await SendAtAsync(2, "09:30", tag);
        await _desk.RunToAsync(At(2, "20:00"));

        (await _desk.IncidentsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_changed_tag_counts_from_that_mail_on_and_a_mail_without_it_changes_nothing()
    {
        await SendAtAsync(1, "09:00", "Backup of db1 done :sched-perday-2:");
        await SendAtAsync(1, "10:00", "Backup of db1 done :sched-perday-1:");
        Schedule(await _desk.SeriesAsync()).ShouldBe((1, 0, "day"));
        (await _desk.SeriesAsync()).GetProperty("reason").GetString()!.ShouldStartWith("got 1 of 1±0");

        var row = Series();
        await SendAtAsync(1, "10:05", "Backup of db1 done");
        await SendAtAsync(1, "10:06", "Backup of db1 done :critical: :svr:other.example.org");

        Series().ShouldBe(row);
        (await _desk.ItemsAsync("/api/v1/mail")).Count.ShouldBe(4);
        Schedule(await _desk.SeriesAsync()).ShouldBe((1, 0, "day"));
        (await _desk.SeriesAsync()).GetProperty("lastAt").GetDateTimeOffset().ShouldBe(At(1, "10:00"));

        // Each names all of its columns.
        string Series() => string.Join('\n', _desk.App.Tables.Rows(Tables.Series).Where(found => !found.RowKey.StartsWith("m~", StringComparison.Ordinal))
            .Select(found => string.Join(' ', found.Values.Select(value => value.Value is byte[] bytes ? Convert.ToHexString(bytes) : $"{value.Key}={value.Value}"))));

        static (int, int, string?) Schedule(JsonElement series) =>
            (series.GetProperty("schedule").GetProperty("count").GetInt32(), series.GetProperty("schedule").GetProperty("variance").GetInt32(), series.GetProperty("schedule").GetProperty("per").GetString());
    }

    [Fact]
    [Trait("Demand", "S4-27")]
    public async Task Mails_without_the_tag_neither_hide_a_missing_mail_nor_make_too_many()
    {
        await SendAtAsync(1, "09:00", "Backup of db1 done :sched-perday-1: :warn:");
        var deadline = (await _desk.SeriesAsync()).GetProperty("deadline").GetDateTimeOffset();
        for (var hour = 10; hour < 20; hour++)
        {
            await SendAtAsync(1, $"{hour}:00", "Backup of db1 done");
        }

        (await _desk.IncidentsAsync()).ShouldBeEmpty();
        (await _desk.SeriesAsync()).GetProperty("deadline").GetDateTimeOffset().ShouldBe(deadline);
        await _desk.RunToAsync(deadline.AddSeconds(10), TimeSpan.FromMinutes(30));
        await _desk.SendAsync("Backup of db1 done");

        (await _desk.IncidentsAsync()).ShouldHaveSingleItem().GetProperty("reason").GetString()!.ShouldStartWith("Got 0 of 1±0 in the last 24 h, last 1 Nov 09:00, expected by 12:00");
    }

    [Fact]
    public async Task A_person_ends_a_series_and_a_tag_begins_it_anew()
    {
        await SendAtAsync(1, "09:00", "Backup of db1 done :sched-perday-1: :warn:");
        await _desk.RunToAsync(At(3, "09:00"));
        (await _desk.IncidentsAsync()).ShouldHaveSingleItem();
        var id = (await _desk.SeriesAsync()).GetProperty("id").GetString();

        (await _desk.Client.PostAsync($"/api/v1/mail/series/{id}/end", null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await _desk.Client.PostAsync($"/api/v1/mail/series/{id}/end", null)).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await _desk.IncidentsAsync()).ShouldBeEmpty();
        (await _desk.SeriesAsync()).GetProperty("status").GetString().ShouldBe("ended");
        await _desk.SendAsync("Backup of db1 done");
        await _desk.RunToAsync(At(6, "09:00"), TimeSpan.FromHours(1));
        (await _desk.IncidentsAsync()).ShouldBeEmpty();

        await _desk.SendAsync("Backup of db1 done :sched-perday-1: :warn:");
        (await _desk.SeriesAsync()).GetProperty("status").GetString().ShouldBe("fine");
        await _desk.RunToAsync(At(8, "09:00"), TimeSpan.FromHours(1));
        (await _desk.IncidentsAsync()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Mails_that_were_held_up_count_when_they_were_sent()
    {
        await SendAtAsync(1, "09:00", "Report :sched-perhour-1:");
        await _desk.RunToAsync(At(1, "12:30"));
        for (var hour = 10; hour <= 12; hour++)
        {
            await _desk.SendAsync("Report :sched-perhour-1:", headers: $"Date: Sun, 01 Nov 2026 {hour}:00:00 +0000\r\n");
        }

        (await _desk.SeriesAsync()).GetProperty("status").GetString().ShouldBe("fine");
        (await _desk.IncidentsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_series_whose_index_row_was_lost_is_found_and_watched_again()
    {
        await SendAtAsync(1, "09:00", "Report :sched-permonth-1: :warn:");
        foreach (var row in _desk.App.Tables.Rows(Tables.Due).Where(row => row.RowKey.Contains("~series~main~")))
        {
            await _desk.App.Tables.WriteAsync(Tables.Due, [TableWrite.Delete(row.PartitionKey, row.RowKey)], default);
        }

        await _desk.RunToAsync(At(1, "11:00"));

        (await _desk.IncidentsAsync()).ShouldHaveSingleItem().GetProperty("reason").GetString()!.ShouldContain("had no row in the due index");
        await _desk.RunToAsync(At(1, "11:00").AddDays(40), TimeSpan.FromHours(6));
        (await _desk.IncidentsAsync()).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Markers_of_messages_go_after_two_days()
    {
        await SendAtAsync(1, "09:00", "Report :sched-permonth-1:");
        Markers().ShouldBe(1);

        await _desk.RunToAsync(At(3, "11:00"), TimeSpan.FromHours(1));

        Markers().ShouldBe(0);
        int Markers() => _desk.App.Tables.Rows(Tables.Series).Count(row => row.RowKey.StartsWith("m~", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Many_series_are_listed_page_by_page()
    {
        for (var n = 0; n < 9; n++)
        {
            await _desk.SendAsync($"Report of host{n}x :sched-perday-1:");
        }

        var listed = new HashSet<string>();
        var next = "";
        do
        {
            var page = await _desk.GetAsync("/api/v1/mail/series?limit=2" + next);
            page.GetProperty("items").GetArrayLength().ShouldBeInRange(1, 2);
            page.GetProperty("items").EnumerateArray().ShouldAllBe(series => listed.Add(series.GetProperty("id").GetString()!));
            next = page.TryGetProperty("next", out var more) ? "&next=" + Uri.EscapeDataString(more.GetString()!) : "";
        }
        while (next.Length > 0);

        listed.Count.ShouldBe(9);
    }

    static DateTimeOffset At(int day, string time) => DateTimeOffset.Parse($"2026-11-{day:00}T{time}:00Z", CultureInfo.InvariantCulture);

    async Task SendAtAsync(int day, string time, string subject)
    {
        await _desk.RunToAsync(At(day, time), TimeSpan.FromMinutes(30));
        await _desk.SendAsync(subject);
    }
}
