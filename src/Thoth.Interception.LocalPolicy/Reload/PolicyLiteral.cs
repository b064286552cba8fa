using System.Text;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Primitives;

namespace Thoth.Interception.LocalPolicy.Reload;

/// <summary>A policy that is given as text and never changes.</summary>
internal sealed class PolicyLiteral(string json) : IPolicySource
{
    public string Name => $"{nameof(LocalPolicyOptions)}.{nameof(LocalPolicyOptions.Json)}";

    public byte[] Read() => Encoding.UTF8.GetBytes(json);

    public IChangeToken Watch() => NullChangeToken.Singleton;
}
