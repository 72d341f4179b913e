using System.Security.Claims;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;

namespace Watchdesk.Tenants;

/// <summary>
/// Recognises the caller: bearer key, Basic, session cookie, Entra header, in this order. A proof that is there and
/// wrong is refused; the next one is not tried.
/// </summary>
public sealed class DeskAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder,
    TimeProvider clock,
    ApiKeys keys,
    LocalAccounts accounts,
    Sessions sessions,
    UserStore users,
    EntraSignIn entra,
    ClientAddress address)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "watchdesk";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var endpoint = Context.GetEndpoint();
        if (endpoint is null || (endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null && endpoint.Metadata.GetMetadata<SeesCaller>() is null))
        {
            return AuthenticateResult.NoResult();
        }

        if (await FindAsync() is not { } found)
        {
            return AuthenticateResult.NoResult();
        }

        if (found.SignedIn is not { } signedIn)
        {
            return AuthenticateResult.Fail(found.Refusal ?? "Refused.");
        }

        Context.Features.Set(signedIn);
        Context.Features.Set(signedIn.Caller);
        var identity = new ClaimsIdentity(
            [new Claim(ClaimTypes.NameIdentifier, signedIn.Caller.Tenant + "~" + signedIn.Caller.Id), new Claim(ClaimTypes.Name, signedIn.Caller.Name)],
            SchemeName);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName));
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties) =>
        await Refusals.ChallengeAsync(Context, (await HandleAuthenticateOnceSafeAsync()).Failure?.Message);

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) => Refusals.ForbidAsync(Context);

    async Task<Proof?> FindAsync()
    {
        if (Request.Headers.Authorization.ToString() is { Length: > 0 } authorization)
        {
            return await FromHeaderAsync(authorization);
        }

        if (Request.Cookies[Sessions.Cookie] is { Length: > 0 } cookie && await FromCookieAsync(cookie) is { } session)
        {
            return Proof.Of(session);
        }

        if (entra.IsTrusted && Request.Headers[EntraSignIn.Header].ToString() is { Length: > 0 } principal)
        {
            return await entra.FindAsync(principal, Context.RequestAborted) is { } user
                ? Proof.Of(new SignedIn(user.ToCaller(), SignInWay.Principal))
                : Proof.Refused("This person is not known here: ask an admin for an invitation.");
        }

        return null;
    }

    async Task<Proof> FromHeaderAsync(string authorization)
    {
        if (authorization.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
        {
            return await keys.VerifyAsync(authorization["Bearer ".Length..].Trim(), Context.RequestAborted) is { } caller
                ? Proof.Of(new SignedIn(caller, SignInWay.Key))
                : Proof.Refused("The key is unknown or revoked.");
        }

        if (!authorization.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase) || Pair(authorization["Basic ".Length..]) is not { } pair)
        {
            return Proof.Refused("The Authorization header is neither a bearer key nor Basic.");
        }

        var check = await accounts.CheckAsync(pair.Login, pair.Password, address.Of(Context), Context.RequestAborted);
        if (check.Wait > TimeSpan.Zero)
        {
            Context.Features.Set(new MustWait(check.Wait));
        }

        return check.User is { } user
            ? Proof.Of(new SignedIn(user.ToCaller(), SignInWay.Basic))
            : Proof.Refused(check.Wait > TimeSpan.Zero ? "Too many wrong passwords: wait." : "The account or its password is wrong: check both, or ask an admin.");
    }

    async Task<SignedIn?> FromCookieAsync(string cookie)
    {
        if (await sessions.FindAsync(cookie, clock.GetUtcNow(), Context.RequestAborted) is not { } session
            || await users.GetAsync(session.Tenant, session.User, Context.RequestAborted) is not { IsDisabled: false } user
            || session.BeganAt < user.SessionsFrom)
        {
            return null;
        }

        return new SignedIn(user.ToCaller(), SignInWay.Cookie, session.Id);
    }

    static (string Login, string Password)? Pair(string base64)
    {
        var bytes = new byte[1024];
        if (!Convert.TryFromBase64String(base64.Trim(), bytes, out var length))
        {
            return null;
        }

        var text = Encoding.UTF8.GetString(bytes, 0, length);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 1 ? null : (text[..colon], text[(colon + 1)..]);
    }

    /// <summary>Either somebody or the reason why not.</summary>
    sealed record Proof(SignedIn? SignedIn, string? Refusal)
    {
        public static Proof Of(SignedIn signedIn) => new(signedIn, null);

        public static Proof Refused(string reason) => new(null, reason);
    }
}

/// <summary>There were too many wrong passwords: the answer is 429.</summary>
public sealed record MustWait(TimeSpan Wait);
