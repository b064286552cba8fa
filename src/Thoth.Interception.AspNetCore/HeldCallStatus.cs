using System.Text.Json.Serialization;

namespace Thoth.Interception.AspNetCore;

/// <summary>Represents what a user may see of a held call: neither the hold token nor an argument.</summary>
/// <param name="Id">The id, for the request header <see cref="ThothAspNetCoreOptions.HeldHeader"/>.</param>
/// <param name="Tool">The tool's name.</param>
/// <param name="Reason">Why the call needs an approval.</param>
/// <param name="State">What became of the call.</param>
/// <param name="HeldAt">When the call was held, in UTC.</param>
/// <param name="ExpiresAt">When the hold expires, in UTC.</param>
public sealed record HeldCallStatus(
    string Id,
    string Tool,
    string Reason,
    [property: JsonConverter(typeof(HeldCallStateConverter))] HeldCallState State,
    DateTimeOffset HeldAt,
    DateTimeOffset ExpiresAt);

/// <summary>Writes states in lower case, whatever the application's JSON options say.</summary>
internal sealed class HeldCallStateConverter() : JsonStringEnumConverter<HeldCallState>(System.Text.Json.JsonNamingPolicy.CamelCase, allowIntegerValues: false);
