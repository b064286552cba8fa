using System.Text.Json;
using Thoth.Conformance.Clients;
using Thoth.Interception;

namespace Thoth.Conformance.Library;

/// <summary>Kind <c>event</c> in its forms: the events of a call or a start, one event on the wire, delivery, and the log of a decision.</summary>
internal static class EventVectors
{
    public static Task RunAsync(Vector vector) =>
        vector.Input.Has("event") || vector.Input.Has("events") ? EventProjectionVectors.RunAsync(vector)
        : vector.Input.Has("call") ? EventLifecycleVectors.RunAsync(vector)
        : vector.Input.Has("action") ? EventStartVectors.RunAsync(vector)
        : vector.Input.Has("decision") ? EventLogVectors.RunAsync(vector)
        : EventDeliveryVectors.RunAsync(vector);

    /// <summary>Events are sent where a key says whose they are (contract §5.6).</summary>
    public static Action<ThothOptions> WithKey(Action<ThothOptions> configure) => options =>
    {
        options.ApiKey = "thoth_test_key";
        configure(options);
    };

    /// <summary>The events that the server was sent, without those that tell of a start.</summary>
    public static IReadOnlyList<JsonElement> SentTo(ContractServer server) =>
        [.. server.Events.SelectMany(request => request.Json.EnumerateArray())
            .Where(e => JsonMatch.Member(e, "content")?.GetString() != "thoth_sdk_session_start")];

    /// <summary>Whether nothing listens where events are sent to.</summary>
    public static bool IsRefused(JsonElement? ingest) =>
        ingest is { ValueKind: JsonValueKind.String } text && text.GetString() == "connection_refused";

    /// <summary>How the server takes events: answers one after the other, or none while the case runs.</summary>
    public static bool Ingest(VectorHost host, JsonElement? ingest)
    {
        switch (ingest)
        {
            case null:
                return true;
            case { ValueKind: JsonValueKind.Array } answers:
                host.Server.OnEvents = ContractServer.InTurn([.. answers.EnumerateArray().Select(AnswerOf)]);
                return true;
            case { ValueKind: JsonValueKind.String } text when text.GetString() is "never answers" or "hangs 5 s":
                host.Server.OnEvents = _ => host.Servers.NeverDuringTheCase;
                return false;
            case { } unknown:
                throw new ConformanceException($"The runner does not know the ingest {unknown.GetRawText()}.");
        }
    }

    private static ContractAnswer AnswerOf(JsonElement answer)
    {
        if (answer.ValueKind == JsonValueKind.Number)
        {
            return new ContractAnswer { Status = answer.GetInt32() };
        }

        var json = new StrictJson(answer, "input.ingest[]");
        var read = VectorAnswer.Read(json, otherOrigin: null);
        return !json.Unread().Any() ? read : throw new ConformanceException($"The runner does not know the key {json.Unread().First()}.");
    }
}
