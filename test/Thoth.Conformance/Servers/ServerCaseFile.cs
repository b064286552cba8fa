using System.Text.Json;

namespace Thoth.Conformance.Servers;

/// <summary>The file of the cases for servers. A key that the runner does not know is an error.</summary>
internal sealed class ServerCaseFile
{
    private readonly Dictionary<string, ServerEndpoint> _endpoints;
    private readonly Dictionary<string, JsonElement> _forms;

    private ServerCaseFile(StrictJson json)
    {
        _endpoints = Members(json, "endpoints").ToDictionary(member => member.Key, member => ServerEndpoint.Read(new StrictJson(member.Value, member.Key)));
        Templates = Members(json, "templates");
        _forms = Members(json, "forms");
        Cases = [.. json.Objects("cases").Select(ServerCase.Read)];
    }

    /// <summary>The file that is built with the program.</summary>
    public static string Own { get; } = Path.Combine(AppContext.BaseDirectory, "Servers", "server-cases.json");

    public IReadOnlyDictionary<string, JsonElement> Templates { get; }

    public IReadOnlyList<ServerCase> Cases { get; }

    /// <exception cref="ConformanceException">The file is not understood wholly.</exception>
    public static ServerCaseFile Read(string path)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(path), new JsonDocumentOptions { AllowDuplicateProperties = false });
        var json = new StrictJson(document.RootElement.Clone(), "");
        if (json.Count("schema_version") != 1)
        {
            throw new ConformanceException($"The schema of '{path}' is not version 1.");
        }

        var file = new ServerCaseFile(json);
        return json.Unread().FirstOrDefault() is { } unread ? throw new ConformanceException($"The runner does not know the key {unread}.") : file;
    }

    /// <summary>The endpoint of a name.</summary>
    public ServerEndpoint Endpoint(string name) =>
        _endpoints.TryGetValue(name, out var endpoint) ? endpoint : throw new ConformanceException($"The file has no endpoint '{name}'.");

    /// <summary>The fields of a form.</summary>
    public JsonElement Form(string name) =>
        _forms.TryGetValue(name, out var form) ? form : throw new ConformanceException($"The file has no form '{name}'.");

    private static Dictionary<string, JsonElement> Members(StrictJson json, string key) =>
        json.Take(key)?.Deserialize<Dictionary<string, JsonElement>>() ?? throw new ConformanceException($"The file has no {key}.");
}
