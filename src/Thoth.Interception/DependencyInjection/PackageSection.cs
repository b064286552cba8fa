using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Thoth.Interception.DependencyInjection;

/// <summary>
/// The section of another package within the <c>Thoth</c> section. Each such package links this file, so that all of them find and
/// announce their sections in one way.
/// </summary>
internal static class PackageSection
{
    /// <summary>
    /// The service key under which the name of a bound section is registered, as a <see cref="string"/>. A section that no package
    /// binds stays an unknown key, so that none is ignored silently.
    /// </summary>
    public const string BoundElsewhere = "Thoth:BoundElsewhere";

    /// <summary>Binds options to the section; an unknown key in it is an error.</summary>
    /// <param name="options">The options.</param>
    /// <param name="configuration">The application's configuration, its <c>Thoth</c> section, or the package's section itself.</param>
    /// <param name="sectionName">The path of the package's section from the root, such as <c>Thoth:LocalPolicy</c>.</param>
    public static void BindSection<TOptions>(this OptionsBuilder<TOptions> options, IConfiguration configuration, string sectionName)
        where TOptions : class
    {
        var key = ConfigurationPath.GetSectionKey(sectionName)!;
        options.Services.AddKeyedSingleton(BoundElsewhere, key);
        options.Bind(Find(configuration, sectionName, key), static binder => binder.ErrorOnUnknownConfiguration = true);
    }

    private static IConfiguration Find(IConfiguration configuration, string sectionName, string key)
    {
        if (configuration is not IConfigurationSection section)
        {
            return configuration.GetSection(sectionName);
        }

        var nested = section.GetSection(key);
        return nested.Exists() ? nested : section;
    }
}
