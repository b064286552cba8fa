namespace Thoth.Interception.Tests.Arguments.Properties;

/// <summary>A value as the code of a tool can see it: a tree without references, getters and enumerators.</summary>
internal abstract record Seen;

internal sealed record SeenNull : Seen
{
    public static SeenNull Instance { get; } = new();
}

/// <summary>A value without parts: text, a number, a date, an enum.</summary>
internal sealed record SeenLeaf(object Value) : Seen;

/// <summary>A number as the text of a JSON document, which keeps <c>1.0</c> and <c>1.00</c> apart.</summary>
internal sealed record JsonNumber(string Raw);

/// <summary>A delegate, a stream or another value that is no data.</summary>
internal sealed record SeenOpaque(Type Type) : Seen;

/// <summary>What cannot be read: the getter throws, the graph has no end, a JSON text is not valid. It equals nothing.</summary>
internal sealed record SeenUnreadable(string Why) : Seen;

/// <summary>A value whose author wrote a converter for it. Its JSON is the author's; what the tool reads is compared all the same.</summary>
internal sealed record SeenByAuthor(Seen Inner) : Seen;

/// <param name="Name">The name by the serializer's rules.</param>
/// <param name="Value">What the tool reads.</param>
/// <param name="MayBeAbsent">Whether the author said that such a value is not written.</param>
internal sealed record SeenMember(string Name, Seen Value, bool MayBeAbsent = false);

/// <param name="Type">The runtime type, which the way back must keep; <see langword="null"/> if the place declares only an interface of the platform.</param>
/// <param name="Members">What the tool can read by name, base classes first. A hidden member makes a name appear twice.</param>
/// <param name="Discriminator">The name under which the author's polymorphism writes the type.</param>
internal sealed record SeenObject(Type? Type, IReadOnlyList<SeenMember> Members, string? Discriminator = null) : Seen;

/// <param name="Type">As for <see cref="SeenObject"/>.</param>
/// <param name="Items">The elements in their order.</param>
/// <param name="Ordered">Whether their order means something.</param>
/// <param name="Own">What a collection of one's own has beside its elements.</param>
internal sealed record SeenItems(Type? Type, IReadOnlyList<Seen> Items, bool Ordered, IReadOnlyList<SeenMember> Own) : Seen;

/// <param name="Type">As for <see cref="SeenObject"/>.</param>
/// <param name="Entries">The entries.</param>
/// <param name="Own">What a dictionary of one's own has beside its entries.</param>
internal sealed record SeenEntries(Type? Type, IReadOnlyList<(Seen Key, Seen Value)> Entries, IReadOnlyList<SeenMember> Own) : Seen;
