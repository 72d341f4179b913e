using System.Text.Json;
using System.Text.Json.Serialization;

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
public sealed partial class TenantsJson : JsonSerializerContext;
