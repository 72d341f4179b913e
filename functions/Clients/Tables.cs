namespace Watchdesk.Clients;

/// <summary>Names of the tables; their keys are written in the store that owns them.</summary>
public static class Tables
{
    public const string Tenants = "tenants";
    public const string Users = "users";
    public const string Logins = "logins";
    public const string Sessions = "sessions";
    public const string ApiKeys = "keys";
    public const string Pings = "pings";
    public const string Jobs = "jobs";
    public const string JobState = "jobstate";
    public const string Due = "due";
    public const string Incidents = "incidents";
    public const string History = "history";
    public const string Notices = "notices";
    public const string Channels = "channels";
    public const string DeadLetters = "deadletters";
    public const string Meta = "meta";
    public const string Audit = "audit";
    public const string Metrics = "metrics";
    public const string Rules = "rules";
    public const string Mails = "mails";
    public const string Seen = "seen";
    public const string Series = "series";
    public const string Groups = "groups";
    public const string Invitations = "invitations";
    public const string Subscriptions = "subscriptions";
    public const string Silences = "silences";
    public const string MailRules = "mailrules";
    public const string Words = "words";
    public const string Durable = "durable";
    public const string Providers = "providers";
    public const string Operations = "operations";
    public const string Escalations = "escalations";

    public static readonly IReadOnlyList<string> All =
    [
        Tenants, Users, Logins, Sessions, ApiKeys, Pings, Jobs, JobState, Due, Incidents, History, Notices, Channels, DeadLetters, Meta, Audit,
        Metrics, Rules, Mails, Seen, Series, Groups, Invitations, Subscriptions, Silences, MailRules, Words, Durable, Providers,
        Operations, Escalations,
    ];
}
