using System.Collections.Concurrent;
using System.Reflection;

namespace AgentChat.Tools;

/// <summary>
/// Represents the company's orders, contacts and documents, in memory, and records what the tools did. A call that was refused leaves
/// nothing here.
/// </summary>
internal sealed class Company
{
    private readonly ConcurrentQueue<Effect> _effects = new();

    public ConcurrentDictionary<string, Order> Orders { get; } = new(new Dictionary<string, Order>
    {
        ["A-1001"] = new("A-1001", "ben@customer.example", "desk lamp", 39.90m, "delivered"),
        ["A-1002"] = new("A-1002", "cleo@customer.example", "office chair", 250m, "lost by the carrier", "The parcel never arrived."),
        ["A-1003"] = new("A-1003", "dov@customer.example", "bookshelf", 180m, "in transit"),
    });

    public IReadOnlyList<string[]> Contacts { get; } =
    [
        ["name", "email", "phone", "ssn"],
        ["Ben Sample", "ben@customer.example", "555-0102", "000-00-0002"],
        ["Cleo Placeholder", "cleo@customer.example", "555-0103", "000-00-0003"],
        ["Dov Madeup", "dov@customer.example", "555-0104", "000-00-0004"],
    ];

    public ConcurrentDictionary<string, string> Documents { get; } = new(ReadDocuments());

    public ConcurrentDictionary<string, string> Pages { get; } = new(new Dictionary<string, string>
    {
        ["https://help.acme.example/returns"] = "Goods come back within 30 days.",
    });

    /// <summary>Gets what the tools did, oldest first.</summary>
    public IReadOnlyList<Effect> Effects => [.. _effects];

    public void Record(string tool, string what, params (string Name, string Value)[] arguments) =>
        _effects.Enqueue(new Effect(tool, what, arguments.ToDictionary(static pair => pair.Name, static pair => pair.Value)));

    private static Dictionary<string, string> ReadDocuments()
    {
        const string Folder = "Documents/";
        var assembly = Assembly.GetExecutingAssembly();
        return assembly.GetManifestResourceNames().Where(static name => name.StartsWith(Folder, StringComparison.Ordinal)).ToDictionary(
            static name => name[Folder.Length..],
            name =>
            {
                using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
                return reader.ReadToEnd();
            });
    }
}
