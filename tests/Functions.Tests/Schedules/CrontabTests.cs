using Watchdesk.Schedules;

namespace Watchdesk.Tests.Schedules;

public sealed class CrontabTests
{
    [Fact]
    public void Reads_jobs_and_says_what_is_wrong_with_each_other_line()
    {
        var crontab = Crontab.Parse(
            """
            # m h  dom mon dow   command
            SHELL=/bin/bash
            MAILTO = "ops@example.org"

            */5 * * * * /usr/bin/php /var/www/artisan schedule:run >> /dev/null 2>&1
            @daily      cd /srv/app && /usr/bin/flock -n /tmp/a.lock nice -n 10 ./Backup_DB.sh --full
            @reboot     /usr/local/bin/warm-up
            0 25 * * *  /bin/never
            CRON_TZ=Europe/Berlin
            0 2 * * *   TARGET=x pg_dump main | gzip > /b/main-$(date +\%F).gz
            TZ=Asia/Tokyo
            0 3 * * 7   mail -s report boss%Hello%Bye
            0 4 * *
            CRON_TZ=Mars/Olympus
            0 5 * * *   /bin/elsewhere
            CRON_TZ=
            -0 6 * * *  /opt/backup_db.sh
            17 * * * *  root cd / && run-parts --report /etc/cron.hourly
            0 7 * * *
            """,
            "America/New_York");

        crontab.Lines.ShouldBe(
        [
            new(5, "*/5 * * * *", "America/New_York", "/usr/bin/php /var/www/artisan schedule:run >> /dev/null 2>&1", "artisan"),
            new(6, "@daily", "America/New_York", "cd /srv/app && /usr/bin/flock -n /tmp/a.lock nice -n 10 ./Backup_DB.sh --full", "backup-db"),
            new(10, "0 2 * * *", "Europe/Berlin", "TARGET=x pg_dump main | gzip > /b/main-$(date +%F).gz", "pg-dump"),
            new(12, "0 3 * * 7", "Europe/Berlin", "mail -s report boss", "mail"),
            new(17, "0 6 * * *", "America/New_York", "/opt/backup_db.sh", "backup-db-2"),
        ]);
        crontab.Errors.Select(error => (error.Number, error.Reason)).ShouldBe(
        [
            (7, "cron: @reboot has no schedule, so nothing is owed."),
            (8, "cron, column 3: hour: 25 is not between 0 and 23."),
            (13, "cron, column 8: has 4 fields; five (minute hour day month weekday) or six (a second first) are needed."),
            (14, "timeZone: \"Mars/Olympus\" is not an IANA time zone such as \"Europe/Berlin\"."),
            (15, "timeZone: the CRON_TZ of line 14 is not known."),
            (18, "command: begins with a user, as in /etc/crontab; give the output of crontab -l."),
            (19, "command: is missing."),
        ]);
    }

    [Fact]
    public void Reads_lines_that_end_as_on_windows() =>
        Crontab.Parse("0 1 * * * /bin/a\r\n0 2 * * * /bin/b\r\n").Lines.Select(line => line.Command).ShouldBe(["/bin/a", "/bin/b"]);

    [Fact]
    public void Keeps_suggested_names_unique()
    {
        var crontab = Crontab.Parse("0 1 * * * a-2\n0 2 * * * a\n0 3 * * * a\n0 4 * * * a");

        crontab.Lines.Select(line => line.Name).ShouldBe(["a-2", "a", "a-2-2", "a-3"]);
    }

    [Theory]
    [InlineData("true",                               "job")]
    [InlineData("\"/opt/my app/run\"",                "my")]
    [InlineData("(/opt/run-me.py; echo done)",        "run-me")]
    [InlineData("timeout 30 python3 -u /x/Load.py",   "load")]
    [InlineData("[ -x /bin/x ] && /usr/sbin/sync",    "sync")]
    [InlineData("/бин/тест",                          "job")]
    public void Suggests_the_program_that_does_the_work(string command, string name) =>
        Crontab.Parse($"@daily {command}").Lines.ShouldHaveSingleItem().Name.ShouldBe(name);

    [Fact]
    public void Is_bounded()
    {
        Crontab.Parse(string.Concat(Enumerable.Repeat("@daily /bin/same\n", 9_999))).Lines.Count.ShouldBe(9_999);
        Should.Throw<ScheduleFormatException>(() => Crontab.Parse(new string('\n', 10_000))).Message.ShouldContain("10000 lines");
        Crontab.Parse("@daily " + new string('x', 5000)).Errors.ShouldHaveSingleItem().Reason.ShouldContain("longer than 4096");
        Crontab.Parse("@daily " + new string('x', 4000)).Lines.ShouldHaveSingleItem().Name.Length.ShouldBe(60);
        Should.Throw<ScheduleFormatException>(() => Crontab.Parse("", "Nowhere")).Field.ShouldBe("timeZone");
    }
}
