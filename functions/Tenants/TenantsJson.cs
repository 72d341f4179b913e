using System.Text.Json;
using System.Text.Json.Serialization;
using Watchdesk.Hosting;
using Watchdesk.Tenants.People;

namespace Watchdesk.Tenants;

/// <summary>JSON of this room, compiled ahead.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectRequiredConstructorParameters = true,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(KeyRequest))]
[JsonSerializable(typeof(KeyView))]
[JsonSerializable(typeof(KeyPage))]
[JsonSerializable(typeof(TenantRequest))]
[JsonSerializable(typeof(TenantView))]
[JsonSerializable(typeof(TenantPage))]
[JsonSerializable(typeof(DeadLetterPage))]
[JsonSerializable(typeof(DeadLetterView))]
[JsonSerializable(typeof(PersonRequest))]
[JsonSerializable(typeof(PersonView))]
[JsonSerializable(typeof(PersonPage))]
[JsonSerializable(typeof(EntityView))]
[JsonSerializable(typeof(LogInRequest))]
[JsonSerializable(typeof(AwsCredentials))]
[JsonSerializable(typeof(UserRequest))]
[JsonSerializable(typeof(UserChange))]
[JsonSerializable(typeof(UserView))]
[JsonSerializable(typeof(UserPage))]
[JsonSerializable(typeof(GroupRequest))]
[JsonSerializable(typeof(GroupView))]
[JsonSerializable(typeof(GroupPage))]
[JsonSerializable(typeof(InvitationRequest))]
[JsonSerializable(typeof(InvitationView))]
[JsonSerializable(typeof(InvitationPage))]
public sealed partial class TenantsJson : JsonSerializerContext
{
    /// <summary>For answers, see <see cref="AnswerJson"/>.</summary>
    public static TenantsJson Plain => field ??= new(AnswerJson.Of(Default));
}
