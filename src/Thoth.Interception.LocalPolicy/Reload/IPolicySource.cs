using Microsoft.Extensions.Primitives;

namespace Thoth.Interception.LocalPolicy.Reload;

/// <summary>Provides the text of a policy and signals when it may have changed.</summary>
internal interface IPolicySource
{
    /// <summary>Gets the name of the source in errors and logs.</summary>
    string Name { get; }

    /// <summary>Reads the policy's text as UTF-8 JSON.</summary>
    /// <returns>The bytes of the text.</returns>
    /// <exception cref="PolicyLoadException">The source cannot be read.</exception>
    byte[] Read();

    /// <summary>Gets a token that fires once when the text may have changed.</summary>
    IChangeToken Watch();

    /// <summary>Gets the source that valid options name.</summary>
    static IPolicySource Of(LocalPolicyOptions options) =>
        string.IsNullOrWhiteSpace(options.Path) ? new PolicyLiteral(options.Json!) : new PolicyFile(options.Path);
}
