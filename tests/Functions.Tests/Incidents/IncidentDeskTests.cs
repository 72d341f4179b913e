using Watchdesk.Incidents;
using Watchdesk.Tenants;

namespace Watchdesk.Tests.Incidents;

public sealed class IncidentDeskTests
{
    static readonly Caller Ann = new(IncidentBench.Tenant, "a1", "ann@example.org", Role.Responder, Scopes.All);

    readonly IncidentBench bench = new();

    [Fact]
    [Trait("Demand", "S0-1")]
    public async Task A_bad_turn_opens_one_incident_and_tells_it()
    {
        await bench.AddChannelAsync();

        await bench.TellAsync(A.Bad("nightly-backup"));
        await bench.SendAsync();

        var incident = (await bench.OpenAsync()).ShouldHaveSingleItem();
        incident.Name.ShouldBe("nightly-backup");
        incident.Severity.ShouldBe(Severity.Critical);
        bench.Sent.Messages.ShouldHaveSingleItem().Notice.Incident.ShouldBe(incident.Id);
        (await bench.StoryAsync(incident.Id)).Select(line => line.Kind).ShouldBe(["sent", "decided", "opened"]);
        bench.Rows("incidents", "n~").ShouldBeEmpty();
    }

    [Fact]
    public async Task The_same_turn_twice_changes_nothing()
    {
        await bench.AddChannelAsync();
        await bench.TellAsync(A.Bad("a"));
        var before = bench.Tables.Rows("incidents").Select(row => row.ETag);
        var notices = bench.Tables.Rows("notices").Count;

        await bench.TellAsync(A.Bad("a"));
        await bench.TellAsync(A.Bad("a", turn: 0));

        bench.Tables.Rows("incidents").Select(row => row.ETag).ShouldBe(before);
        bench.Tables.Rows("notices").Count.ShouldBe(notices);
    }

    [Fact]
    public async Task It_worsens_and_lessens_with_its_subject_and_only_worse_is_told()
    {
        await bench.AddChannelAsync();

        await bench.TellAsync(A.Bad("a", 1, Severity.Warning));
        await bench.TellAsync(A.Bad("a", 2, Severity.Critical));
        (await bench.OnlyAsync()).Severity.ShouldBe(Severity.Critical);
        await bench.TellAsync(A.Bad("a", 3, Severity.Warning));
        (await bench.OnlyAsync()).Severity.ShouldBe(Severity.Warning);
        await bench.TellAsync(A.Bad("a", 4, Severity.Critical));

        await bench.SendAsync();
        bench.Sent.Messages.Select(message => message.Notice.Kind.ToString()).ShouldBe(["Opened", "Worsened", "Worsened"]);
        (await bench.OpenAsync()).Count.ShouldBe(1);
    }

    [Fact]
    public async Task It_resolves_when_its_cause_is_gone_and_says_so()
    {
        await bench.AddChannelAsync();
        await bench.TellAsync(A.Bad("a"));
        bench.Clock.Advance(TimeSpan.FromMinutes(5));

        await bench.TellAsync(A.Good("a"));
        await bench.SendAsync();

        (await bench.OpenAsync()).ShouldBeEmpty();
        var incident = await bench.OnlyAsync();
        incident.IsOpen.ShouldBeFalse();
        incident.Resolution.ShouldBe("Success at 03:05.");
        bench.Sent.Messages[^1].Notice.Reason.ShouldBe("Good again after 10 min. Success at 03:05.");
    }

    [Fact]
    public async Task It_resolves_also_when_somebody_has_it_and_keeps_the_owner()
    {
        await bench.TellAsync(A.Bad("a"));
        await bench.Actions.AcknowledgeAsync(Ann, (await bench.OnlyAsync()).Id, null, null, bench.Now, default);

        await bench.TellAsync(A.Good("a"));

        var incident = await bench.OnlyAsync();
        incident.IsOpen.ShouldBeFalse();
        incident.OwnerName.ShouldBe("ann@example.org");
        bench.Rows("incidents", "o~").ShouldBeEmpty();
        bench.Rows("incidents", "c~").Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_late_repetition_of_an_old_turn_does_not_open_it_again()
    {
        await bench.TellAsync(A.Bad("a", 1));
        await bench.TellAsync(A.Good("a", 2));

        await bench.TellAsync(A.Bad("a", 1));
        (await bench.OpenAsync()).ShouldBeEmpty();

        await bench.TellAsync(A.Bad("a", 3));
        (await bench.OpenAsync()).Count.ShouldBe(1);
        (await bench.ClosedAsync()).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_good_turn_that_comes_first_keeps_an_older_bad_one_from_opening()
    {
        await bench.TellAsync(A.Good("a", 2));
        await bench.TellAsync(A.Bad("a", 1));

        (await bench.OpenAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Of_two_turns_in_one_call_the_newer_counts()
    {
        await bench.TellAsync(A.Good("a", 2), A.Bad("a", 1));

        (await bench.OpenAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Flapping_keeps_it_open_and_says_so_and_wakes_nobody_twice()
    {
        await bench.AddChannelAsync();
        await bench.TellAsync(A.Bad("a", 1));
        await bench.TellAsync(A.Good("a", 2, isFlapping: true));

        var incident = await bench.OnlyAsync();
        incident.IsOpen.ShouldBeTrue();
        incident.IsFlapping.ShouldBeTrue();
        incident.Severity.ShouldBe(Severity.Warning);

        await bench.TellAsync(A.Bad("a", 3, isFlapping: true));
        await bench.TellAsync(A.Good("a", 4));
        await bench.SendAsync();

        (await bench.OnlyAsync()).IsOpen.ShouldBeFalse();
        bench.Sent.Messages.Select(message => message.Notice.Kind.ToString()).ShouldBe(["Opened", "Resolved"]);
        (await bench.StoryAsync(incident.Id)).ShouldContain(line => line.Kind == "flapping" && line.Text.StartsWith("It flaps"));
    }

    [Fact]
    public async Task Resolved_by_hand_the_same_turn_does_not_open_it_again_but_a_new_one_does()
    {
        await bench.AddChannelAsync();
        await bench.TellAsync(A.Bad("a", 1));
        await bench.Actions.ResolveAsync(Ann, (await bench.OnlyAsync()).Id, "The disk was replaced.", null, bench.Now, default);

        await bench.TellAsync(A.Bad("a", 1));
        (await bench.OpenAsync()).ShouldBeEmpty();
        await bench.TellAsync(A.Good("a", 2));
        await bench.TellAsync(A.Bad("a", 3));

        (await bench.OpenAsync()).Count.ShouldBe(1);
        await bench.SendAsync();
        bench.Sent.Messages[1].Notice.Reason.ShouldBe("Resolved by ann@example.org after 5 min: The disk was replaced.");
    }

    [Fact]
    public async Task A_comment_or_an_acknowledgement_tells_nobody()
    {
        await bench.TellAsync(A.Bad("a"));
        await bench.AddChannelAsync();
        var id = (await bench.OnlyAsync()).Id;

        await bench.Actions.CommentAsync(Ann, id, "On my way.", null, bench.Now, default);
        await bench.Actions.AcknowledgeAsync(Ann, id, null, null, bench.Now, default);

        bench.Tables.Rows("notices").ShouldBeEmpty();
        (await bench.StoryAsync(id)).Select(line => line.Kind).ShouldBe(["acknowledged", "comment", "decided", "opened"]);
    }

    [Fact]
    public async Task An_acknowledgement_ends_and_people_hear_of_it_again()
    {
        await bench.AddChannelAsync();
        await bench.TellAsync(A.Bad("a"));
        var id = (await bench.OnlyAsync()).Id;
        await bench.Actions.AcknowledgeAsync(Ann, id, bench.Now.AddHours(1), null, bench.Now, default);
        (await bench.OnlyAsync()).IsOwned.ShouldBeTrue();

        await bench.TickAsync(TimeSpan.FromHours(1));
        await bench.SendAsync();

        (await bench.OnlyAsync()).IsOwned.ShouldBeFalse();
        bench.Sent.Messages.Select(message => message.Notice.Kind.ToString()).ShouldContain("Reminder");
    }

    [Fact]
    public async Task A_resolved_one_and_its_story_go_after_two_years()
    {
        await bench.TellAsync(A.Bad("a"), A.Bad("b"));
        await bench.TellAsync(A.Good("a"));
        var id = (await bench.ClosedAsync()).Single().Id;

        await bench.TickAsync(IncidentRetention.Keep - TimeSpan.FromDays(1));
        (await bench.StoryAsync(id)).ShouldNotBeEmpty();
        await bench.TickAsync(TimeSpan.FromDays(1));

        (await bench.ClosedAsync()).ShouldBeEmpty();
        (await bench.Store.GetAsync(IncidentBench.Tenant, id, default)).ShouldBeNull();
        (await bench.StoryAsync(id)).ShouldBeEmpty();
        (await bench.OpenAsync()).Count.ShouldBe(1);
        await bench.TellAsync(A.Bad("a", 1));
        (await bench.OpenAsync()).Count.ShouldBe(1);
    }

    [Fact]
    public async Task The_worst_come_first_then_those_that_nobody_has_then_the_newest()
    {
        await bench.TellAsync(A.Bad("old", 1));
        bench.Clock.Advance(TimeSpan.FromSeconds(1));
        await bench.TellAsync(A.Bad("warning", 1, Severity.Warning));
        bench.Clock.Advance(TimeSpan.FromSeconds(1));
        await bench.TellAsync(A.Bad("mine", 1));
        bench.Clock.Advance(TimeSpan.FromSeconds(1));
        await bench.TellAsync(A.Bad("new", 1));
        var mine = (await bench.OpenAsync()).Single(incident => incident.Name == "mine");
        await bench.Actions.AcknowledgeAsync(Ann, mine.Id, null, null, bench.Now, default);

        (await bench.OpenAsync()).Select(incident => incident.Name).ShouldBe(["new", "old", "mine", "warning"]);
    }
}
