using System.Text.Json;

namespace Thoth.Conformance.Servers;

/// <summary>One step of a case: a request with what is expected of its response, or the resolution of a held call.</summary>
internal sealed record ServerStep
{
    /// <summary>The name of the endpoint; <see langword="null"/> for a resolution.</summary>
    public string? Send { get; init; }

    public string Key { get; init; } = CaseKey.Both;

    /// <summary>The body, with placeholders and templates.</summary>
    public JsonElement? Body { get; init; }

    /// <summary>The body as text, if it is not JSON. Placeholders are filled.</summary>
    public string? Raw { get; init; }

    public ServerExpectation? Expect { get; init; }

    /// <summary>Names under which values of the response are kept, each with the value's path.</summary>
    public IReadOnlyDictionary<string, string> Save { get; init; } = new Dictionary<string, string>();

    /// <summary>How an approver resolves the held call of <see cref="Session"/>.</summary>
    public string? Resolve { get; init; }

    public string? Session { get; init; }

    public static ServerStep Read(StrictJson json) => json.Text("resolve") is { } resolution
        ? new ServerStep { Resolve = resolution, Session = json.Text("session") ?? throw new ConformanceException("A resolution names no session.") }
        : new ServerStep
        {
            Send = json.Text("send") ?? throw new ConformanceException("A step sends nothing."),
            Key = json.Text("key") ?? CaseKey.Both,
            Body = json.Take("body"),
            Raw = json.Text("raw"),
            Expect = ServerExpectation.Read(json.Object("expect") ?? throw new ConformanceException("A step expects nothing.")),
            Save = json.Take("save")?.Deserialize<Dictionary<string, string>>() ?? [],
        };
}
