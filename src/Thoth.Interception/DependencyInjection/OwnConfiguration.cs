using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;

namespace Thoth.Interception.DependencyInjection;

/// <summary>The <c>Thoth</c> section without the sections in it that other packages bind, which are unknown keys here.</summary>
internal sealed class OwnConfiguration(IConfiguration section) : IConfiguration
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
