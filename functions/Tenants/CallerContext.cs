namespace Watchdesk.Tenants;

/// <summary>How a caller proved who it is.</summary>
public enum SignInWay
{
    Key,
    Basic,
    Cookie,
    Principal,
}

/// <summary>The caller of this request and how it was recognised.</summary>
public sealed record SignedIn(Caller Caller, SignInWay Way, string? SessionId = null)
{
    /// <summary>A browser adds the proof by itself, so a write needs the antiforgery token.</summary>
    public bool IsAmbient => Way is SignInWay.Cookie or SignInWay.Principal;
}

public static class CallerContext
{
    /// <summary>Who is calling. Only for endpoints that require a role or scope.</summary>
    /// <exception cref="InvalidOperationException">Nobody is signed in.</exception>
    public static Caller Caller(this HttpContext context) =>
        context.CallerOrNull() ?? throw new InvalidOperationException("This endpoint has no caller: it must require a role or scope.");

    public static Caller? CallerOrNull(this HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Features.Get<Caller>();
    }
}
