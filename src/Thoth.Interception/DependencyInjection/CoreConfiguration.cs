using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;

namespace Thoth.Interception.DependencyInjection;

/// <summary>Represents the <c>Thoth</c> section without the sections that other packages bind, which would be unknown keys here.</summary>
internal sealed class CoreConfiguration(IConfiguration section) : IConfiguration
{
    private static readonly string[] s_otherPackages = ["LocalPolicy", "SqliteOutbox"];

    public string? this[string key]
    {
        get => section[key];
        set => section[key] = value;
    }

    public IEnumerable<IConfigurationSection> GetChildren() =>
        section.GetChildren().Where(static child => !s_otherPackages.Contains(child.Key, StringComparer.OrdinalIgnoreCase));

    public IChangeToken GetReloadToken() => section.GetReloadToken();

    public IConfigurationSection GetSection(string key) => section.GetSection(key);
}
