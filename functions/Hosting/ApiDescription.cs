using Microsoft.OpenApi;

namespace Watchdesk.Hosting;

/// <summary>The description of the API at <c>/openapi/v1.json</c>, made from the mapped routes when it is first asked for.</summary>
public static class ApiDescription
{
    public const string Path = "/openapi/v1.json";

    public static void AddApiDescription(this WebApplicationBuilder builder) =>
        builder.Services.AddOpenApi("v1", options => options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo { Title = "Watchdesk", Version = DeskVersion.Text };
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal)
            {
                ["key"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "A key of Watchdesk, wd_…" },
            };
            document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("key", document)] = [] }];
            return Task.CompletedTask;
        }));

    public static IEndpointConventionBuilder MapApiDescription(this IEndpointRouteBuilder routes) => routes.MapOpenApi(Path);
}
