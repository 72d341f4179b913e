namespace Watchdesk.Mail.Rules;

/// <summary>What a mail must look like: regular expressions, of which all that are given must match.</summary>
/// <param name="Sender">Of the sender's address.</param>
/// <param name="Server">Of one of the servers that the mail is about, or of the host behind the @ of its sender.</param>
public sealed record MailMatch(string? Subject = null, string? Body = null, string? Sender = null, string? Server = null);

/// <summary>What the rule says of the mail, in place of what its tags say. What is left out stays as the tags have it.</summary>
/// <param name="Severity">info, warning or critical.</param>
/// <param name="Org">Path in the organisation, for example <c>shop.payments</c>.</param>
/// <param name="Servers">Names of hosts.</param>
/// <param name="Drop">The mail stays in the list and in the event log, opens no incident and counts in no series.</param>
public sealed record MailSet(string? Severity = null, string? Org = null, IReadOnlyList<string>? Servers = null, bool Drop = false);

/// <summary>A mail rule as people write it.</summary>
/// <param name="Name">1 to 100 characters; unique, since a mail shows which rule took it.</param>
/// <param name="Order">1 to 1,000,000: rules are tried from the lowest on, and the first that matches takes the mail. Behind the last when left out.</param>
public sealed record MailRuleRequest(string? Name = null, MailMatch? Match = null, MailSet? Set = null, bool Enabled = true, int? Order = null);
