using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Thoth.Enforcer.Errors;
using Thoth.Enforcer.Holds;
using Thoth.Enforcer.Serialization;
using Thoth.Enforcer.Storage;
using Thoth.Interception.LocalPolicy;

namespace Thoth.Enforcer.Api;

/// <summary>A call as it was received. A held one is stored, because its counts are checked again when an approval releases it.</summary>
/// <param name="Sdk">The SDK that sent it.</param>
/// <param name="Body">The request's body.</param>
internal sealed record ReceivedCall(CallingSdk Sdk, EnforceRequestBody Body)
{
    /// <summary>Reads the stored call of a hold.</summary>
    /// <returns>The call. For a hold of an older version it has what that version stored.</returns>
    public static ReceivedCall Of(HoldRow hold)
    {
        var call = hold.Request is null ? null : JsonSerializer.Deserialize<ReceivedCall>(hold.Request, ApiJson.Options);
        call ??= new ReceivedCall(CallingSdk.Unknown, new EnforceRequestBody
        {
            AgentId = hold.Agent,
            UserId = hold.User,
            ToolName = hold.Tool,
            SessionId = hold.Session,
            SessionToolCalls = [.. hold.History, hold.Tool],
            Environment = hold.Environment,
            SessionIntent = hold.Intent,
            Purpose = hold.Purpose,
            ActionAttestationId = hold.Action,
        });
        return call with { Body = call.Body with { ToolArgs = JsonElement.Parse(hold.Arguments) } };
    }

    /// <summary>Writes the call without its arguments, which the hold stores itself.</summary>
    public string ToJson() => JsonSerializer.Serialize(this with { Body = Body with { ToolArgs = null } }, ApiJson.Options);

    /// <exception cref="ApiException">A field that the decision depends on is missing or invalid.</exception>
    public EnforcementRequest ToRequest(string tenant, DateTimeOffset now) => EnforceRequestReader.Read(Body, tenant, now);

    /// <summary>Creates the call for an evaluation within a transaction: calls that it permits or that were permitted before it count.</summary>
    public RemoteCall ToRemote(EnforcementRequest request, SqliteConnection connection)
    {
        Dictionary<string, long>? counts = null;
        return new RemoteCall(request) { Sdk = Sdk, PermittedCalls = () => counts ??= CallCountTable.Of(connection, request.Context) };
    }

    /// <summary>Counts the call, once for each action.</summary>
    public void Count(SqliteConnection connection, EnforcementRequest request, DateTimeOffset now) =>
        CallCountTable.Add(connection, request, ActionHash(request), now);

    /// <summary>
    /// Hashes the action's id with tool and arguments: two calls that share an id are two calls. The Go SDK can be configured with one
    /// action id for all calls, so its request id, which is fresh for each call, stands for it.
    /// </summary>
    /// <returns><see langword="null"/> if the request has no id.</returns>
    private byte[]? ActionHash(EnforcementRequest request)
    {
        var id = Sdk == CallingSdk.Go && !string.IsNullOrWhiteSpace(Body.RequestId) ? Body.RequestId : Body.ActionAttestationId;
        if (string.IsNullOrWhiteSpace(id))
        {
            return null;
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in (ReadOnlySpan<byte[]>)[Encoding.UTF8.GetBytes(id), Encoding.UTF8.GetBytes(request.ToolName)])
        {
            hash.AppendData(BitConverter.GetBytes(part.Length));
            hash.AppendData(part);
        }

        hash.AppendData(request.Arguments.Span);
        return hash.GetHashAndReset();
    }
}
