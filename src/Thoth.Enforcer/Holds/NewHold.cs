using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Thoth.Enforcer.Serialization;
using Thoth.Interception.LocalPolicy;

namespace Thoth.Enforcer.Holds;

/// <summary>A hold before it is stored, with the token that only its caller gets.</summary>
internal sealed record NewHold(string Token, HoldRow Row, EnforcementDecision Decision, string VerdictJson)
{
    /// <summary>256 random bits: a token is a bearer secret.</summary>
    private const int TokenBytes = 32;

    public static byte[] HashOf(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    public static NewHold Of(
        EnforcementRequest request, string received, in PolicyVerdict verdict, string decisionId, TimeSpan standardLifetime, DateTimeOffset now)
    {
        var lifetime = verdict.Decision.StepUpTimeout ?? TimeSpan.FromSeconds((int)standardLifetime.TotalSeconds);
        var decision = verdict.Decision with { StepUpTimeout = lifetime };
        var token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenBytes));
        var arguments = request.Arguments.IsEmpty ? "{}" : Encoding.UTF8.GetString(request.Arguments.Span);
        var toRun = verdict.ModifiedArguments?.GetRawText();
        var row = new HoldRow
        {
            Id = $"hold_{decisionId}",
            TokenHash = HashOf(token),
            Tenant = request.Context.TenantId,
            Tool = request.ToolName,
            Arguments = arguments,
            ArgumentsToRun = toRun,
            ArgumentsHash = HashOf(request.ToolName, arguments, toRun ?? ""),
            Session = request.Context.SessionId,
            Agent = request.Context.AgentId,
            User = request.Context.UserId,
            Environment = request.Context.Environment,
            Intent = request.Context.SessionIntent,
            Purpose = request.Context.Purpose,
            History = [.. request.SessionToolCalls.SkipLast(1)],
            Verdict = decision,
            Request = received,
            DecisionId = decisionId,
            Action = decision.ActionAttestationId,
            Trace = decision.EnforcementTraceId,
            HeldAt = now,
            ExpiresAt = now + lifetime,
        };
        return new(token, row, decision, JsonSerializer.Serialize(ResponseWriter.Of(decision, decisionId), ApiJson.Options));
    }

    /// <summary>Hashes each part with its length, so that two different calls cannot have the same hash.</summary>
    private static string HashOf(params ReadOnlySpan<string> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in parts)
        {
            var bytes = Encoding.UTF8.GetBytes(part);
            hash.AppendData(BitConverter.GetBytes(bytes.Length));
            hash.AppendData(bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
