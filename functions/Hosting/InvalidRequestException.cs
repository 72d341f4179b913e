namespace Watchdesk.Hosting;

/// <summary>The caller sent something wrong; becomes a 400 problem whose detail is this message.</summary>
public sealed class InvalidRequestException(string message) : Exception(message);
