#:sdk Microsoft.NET.Sdk.Web
#:property PublishAot=false
#:property SelfContained=true
#:property RuntimeIdentifier=linux-x64
#:property PublishReadyToRun=true
#:property RestorePackagesWithLockFile=false
#:property EnableRequestDelegateGenerator=true
#:property JsonSerializerIsReflectionEnabledByDefault=false
// The least Kestrel: what the desk's figures are held against. Built and published like the desk; stores nothing.
using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;

var port = int.Parse(Environment.GetEnvironmentVariable("FUNCTIONS_CUSTOMHANDLER_PORT") ?? args[0], System.Globalization.CultureInfo.InvariantCulture);
var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
builder.WebHost.UseKestrelCore();
builder.Services.Configure<KestrelServerOptions>(kestrel =>
{
    kestrel.AddServerHeader = false;
    kestrel.Listen(IPAddress.Loopback, port);
});
var ok = "OK"u8.ToArray();
var app = builder.Build();
app.Run(async context =>
{
    await context.Request.Body.CopyToAsync(Stream.Null);
    context.Response.ContentType = "text/plain";
    context.Response.ContentLength = ok.Length;
    await context.Response.Body.WriteAsync(ok);
});
await app.RunAsync();
