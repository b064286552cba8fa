namespace Thoth.Interception.LocalPolicy.Loading;

/// <summary>A member of an object in a policy file.</summary>
/// <param name="Name">The key.</param>
/// <param name="Offset">The offset of the key's first byte.</param>
/// <param name="Value">The key's value; its <see cref="PolicyNode.Key"/> is the full path of the key.</param>
internal sealed record PolicyMember(string Name, int Offset, PolicyNode Value);
