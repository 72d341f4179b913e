namespace Watchdesk.Hosting;

/// <summary>One of several things that are wrong with a request.</summary>
/// <param name="Path">For example <c>jobs[3].schedule</c>.</param>
/// <param name="Line">Counted from 1; null when it is not known.</param>
public sealed record ProblemPart(string Path, int? Line, string Reason);
