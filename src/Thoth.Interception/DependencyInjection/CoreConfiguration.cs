using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;

namespace Thoth.Interception.DependencyInjection;

/// <summary>Represents the <c>Thoth</c> section without the sections that other packages bind, which would be unknown keys here.</summary>
/// <param name="section">The section.</param>
/// <param name="boundElsewhere">The keys of these sections.</param>
internal sealed class CoreConfiguration(IConfiguration section, IReadOnlyCollection<string> boundElsewhere) : IConfiguration
{
    public string? this[string key]
    {
        get => section[key];
        set => section[key] = value;
    }

    public IEnumerable<IConfigurationSection> GetChildren() =>
        section.GetChildren().Where(child => !boundElsewhere.Contains(child.Key, StringComparer.OrdinalIgnoreCase));

    public IChangeToken GetReloadToken() => section.GetReloadToken();

    public IConfigurationSection GetSection(string key) => section.GetSection(key);
}
