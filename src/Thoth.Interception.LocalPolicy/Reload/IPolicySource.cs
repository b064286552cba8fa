using Microsoft.Extensions.Primitives;

namespace Thoth.Interception.LocalPolicy.Reload;

/// <summary>Where a policy's text comes from.</summary>
internal interface IPolicySource
{
    /// <summary>The name that errors and logs call it by.</summary>
    string Name { get; }

    /// <exception cref="PolicyLoadException">It cannot be read.</exception>
    byte[] Read();

    /// <summary>A token that fires once when the text may have changed.</summary>
    IChangeToken Watch();
}
