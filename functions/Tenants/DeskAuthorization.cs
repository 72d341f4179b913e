using Microsoft.AspNetCore.Authorization;

namespace Watchdesk.Tenants;

/// <summary>The one policy: who calls has what the endpoint requires; an endpoint that says nothing is closed.</summary>
public sealed class DeskRequirement : IAuthorizationRequirement;

/// <summary>Checks <see cref="DeskRequirement"/> against the endpoint's <see cref="Requirement"/>.</summary>
public sealed class DeskAuthorization : AuthorizationHandler<DeskRequirement>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, DeskRequirement requirement)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.Resource is not HttpContext http || Refusal(http) is not { } refusal)
        {
            context.Succeed(requirement);
        }
        else
        {
            http.Features.Set(new Refused(refusal));
        }

        return Task.CompletedTask;
    }

    static string? Refusal(HttpContext http)
    {
        if (http.GetEndpoint() is not { } endpoint)
        {
            return null;
        }

        if (http.CallerOrNull() is not { } caller)
        {
            return "Sign in.";
        }

        return endpoint.Metadata.GetMetadata<Requirement>() is { } required
            ? required.Missing(caller)
            : "This address says nobody may use it.";
    }
}

/// <summary>Why the caller may not.</summary>
public sealed record Refused(string Reason);
