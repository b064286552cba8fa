namespace Thoth.Interception.LocalPolicy.Loading;

/// <summary>One key of an object of a policy file.</summary>
/// <param name="Name">The key.</param>
/// <param name="Offset">The first byte of the key.</param>
/// <param name="Value">The key's value; its <see cref="PolicyNode.Key"/> is the key's whole path.</param>
internal sealed record PolicyMember(string Name, int Offset, PolicyNode Value);
