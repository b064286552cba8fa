using System.Globalization;

namespace Thoth.Interception.LocalPolicy.Loading;

/// <summary>The place of a value in a policy, such as <c>rules[2].decision</c>.</summary>
/// <param name="Parent">The place of the object or array that contains it; <see langword="null"/> for the whole policy.</param>
/// <param name="Name">The key in an object; <see langword="null"/> in an array.</param>
/// <param name="Index">The index in an array.</param>
internal sealed record PolicyPlace(PolicyPlace? Parent, string? Name, int Index)
{
    public static PolicyPlace Root { get; } = new(null, null, 0);

    /// <summary>Makes the path. At most <see cref="PolicyParser.MaxDepth"/> places are above one another.</summary>
    public override string ToString()
    {
        if (Parent is null)
        {
            return "";
        }

        var parent = Parent.ToString();
        return Name is null ? string.Create(CultureInfo.InvariantCulture, $"{parent}[{Index}]")
            : parent.Length == 0 ? Name
            : $"{parent}.{Name}";
    }
}
