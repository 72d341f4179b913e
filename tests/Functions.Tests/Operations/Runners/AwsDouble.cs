using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Watchdesk.Tests.Operations.Runners;

/// <summary>S3, EC2, IAM and STS over HTTP, as much of them as the tests ask.</summary>
sealed class AwsDouble : IAsyncDisposable
{
    readonly WebApplication app;

    AwsDouble(WebApplication app) => this.app = app;

    public string Url => app.Urls.Single();

    /// <summary>Action and Authorization of each call.</summary>
    public ConcurrentQueue<(string Action, string Authorization)> Calls { get; } = new();

    public static async Task<AwsDouble> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRouting();
        var aws = new AwsDouble(builder.Build());
        aws.app.Run(aws.AnswerAsync);
        await aws.app.StartAsync();
        return aws;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    async Task AnswerAsync(HttpContext context)
    {
        var action = context.Request.HasFormContentType ? (await context.Request.ReadFormAsync())["Action"].ToString() : "ListBuckets";
        Calls.Enqueue((action, context.Request.Headers.Authorization.ToString()));
        context.Response.ContentType = "text/xml";
        context.Response.StatusCode = Answer(action) is null ? 400 : 200;
        await context.Response.WriteAsync(Answer(action) ?? "<Response><Errors><Error><Code>InvalidAction</Code><Message>Not played.</Message></Error></Errors></Response>");
    }

    static string? Answer(string action) => action switch
    {
        "DescribeInstances" => """
            <DescribeInstancesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>r1</requestId><reservationSet><item><reservationId>r-1</reservationId><ownerId>1</ownerId>
            <groupSet/><instancesSet><item><instanceId>i-0123456789abcdef0</instanceId><instanceState><code>16</code><name>running</name></instanceState></item></instancesSet></item></reservationSet></DescribeInstancesResponse>
            """,
        "StopInstances" => """
            <StopInstancesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>r1</requestId><instancesSet><item><instanceId>i-0123456789abcdef0</instanceId>
            <currentState><code>64</code><name>stopping</name></currentState><previousState><code>16</code><name>running</name></previousState></item></instancesSet></StopInstancesResponse>
            """,
        "ListUsers" => """
            <ListUsersResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><ListUsersResult><IsTruncated>false</IsTruncated><Users><member><Path>/</Path><UserName>admin</UserName>
            <UserId>AIDIDID</UserId><Arn>arn:aws:iam::064674:user/admin</Arn><CreateDate>2016-02-13T00:20:57Z</CreateDate></member></Users></ListUsersResult>
            <ResponseMetadata><RequestId>r1</RequestId></ResponseMetadata></ListUsersResponse>
            """,
        "GetCallerIdentity" => """
            <GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn:aws:iam::064674:user/admin</Arn><UserId>AIDIDID</UserId>
            <Account>064674</Account></GetCallerIdentityResult><ResponseMetadata><RequestId>r1</RequestId></ResponseMetadata></GetCallerIdentityResponse>
            """,
        "ListBuckets" => """
            <ListAllMyBucketsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Owner><ID>1</ID><DisplayName>shop</DisplayName></Owner>
            <Buckets><Bucket><Name>invoices</Name><CreationDate>2016-02-13T00:20:57.000Z</CreationDate></Bucket></Buckets></ListAllMyBucketsResult>
            """,
        _ => null,
    };
}
