using System.Collections;
using System.Reflection;
using System.Text.Json;

namespace Thoth.Interception.Tests.Arguments.Properties;

/// <summary>Counts how often the lazy sequences of a graph start to run.</summary>
internal sealed class LazyLog
{
    private readonly List<int> _runs = [];

    /// <summary>Whether the graph has a lazy sequence.</summary>
    public bool Any => _runs.Count > 0;

    public int Most => _runs.Count == 0 ? 0 : _runs.Max();

    public IEnumerable<T> Iterate<T>(T[] items)
    {
        var id = _runs.Count;
        _runs.Add(0);
        return Run();

        IEnumerable<T> Run()
        {
            _runs[id]++;
            foreach (var item in items)
            {
                yield return item;
            }
        }
    }
}

/// <summary>A graph before it is built. It builds equal graphs any number of times, shrinks, and prints as an expression.</summary>
internal abstract class Recipe(Type type)
{
    /// <summary>Gets the type that the place of this value declares.</summary>
    public Type Type { get; } = type;

    public abstract object? Build(LazyLog lazies);

    /// <summary>Returns simpler recipes, which may be of other types.</summary>
    public abstract IEnumerable<Recipe> Shrink();

    public abstract override string ToString();

    /// <summary>Returns copies of a list in which one recipe is simpler.</summary>
    protected static IEnumerable<Recipe[]> OneSimpler(IReadOnlyList<Recipe> parts) =>
        parts.SelectMany((part, i) => part.Shrink().Select(simpler => (Recipe[])[.. parts.Take(i), simpler, .. parts.Skip(i + 1)]));
}

internal sealed class Leaf(Type type, string text, Func<object?> make) : Recipe(type)
{
    public static Leaf Zero { get; } = new(typeof(int), "0", () => 0);

    public override object? Build(LazyLog lazies) => make();

    public override IEnumerable<Recipe> Shrink() => ReferenceEquals(this, Zero) ? [] : [Zero];

    public override string ToString() => text == "null" ? $"({Names.Of(Type)})null" : text;
}

/// <summary>A value in a place that declares less than the value is: a base class, an interface, object, or a nullable struct.</summary>
internal sealed class Place(Type declared, Recipe inner) : Recipe(declared)
{
    public override object? Build(LazyLog lazies) => inner.Build(lazies);

    public override IEnumerable<Recipe> Shrink() =>
        inner.Shrink().Where(simpler => Type.IsAssignableFrom(simpler.Type)).Select(simpler => (Recipe)new Place(Type, simpler)).Prepend(inner);

    public override string ToString() => $"({(Nullable.GetUnderlyingType(Type) is { } type ? Names.Of(type) + "?" : Names.Of(Type))})({inner})";
}

/// <summary>A generic type over the types of its parts.</summary>
internal sealed class Block(Type open, params Recipe[] parts) : Recipe(open.MakeGenericType([.. parts.Select(part => part.Type)]))
{
    public override object? Build(LazyLog lazies)
    {
        object?[] values = [.. parts.Select(part => part.Build(lazies))];
        if (Type.GetConstructors().FirstOrDefault(one => one.GetParameters().Length == values.Length) is { } constructor)
        {
            return constructor.Invoke(values);
        }

        var built = Activator.CreateInstance(Type, nonPublic: true)!;
        if (built is IFilled filled)
        {
            filled.Fill(values);
            return built;
        }

        var names = new[] { "Value", "More" };
        for (var i = 0; i < values.Length; i++)
        {
            Set(built, names[i], values[i]);
        }

        return built;
    }

    public override IEnumerable<Recipe> Shrink() => parts.Concat(OneSimpler(parts).Select(simpler => new Block(open, simpler)));

    public override string ToString() => $"{Names.Of(Type)}({string.Join(", ", (object[])parts)})";

    private static void Set(object built, string name, object? value)
    {
        const BindingFlags All = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
        if (built.GetType().GetField(name, All) is { } field)
        {
            field.SetValue(built, value);
            return;
        }

        var property = built.GetType().GetProperty(name, All)!;
        if (property.PropertyType is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(Blocks.Box<>)
            && value is not null && !type.IsInstanceOfType(value))
        {
            var box = Activator.CreateInstance(type)!;
            Set(box, "Value", value);
            value = box;
        }

        property.SetValue(built, value);
    }
}

/// <summary>A collection of elements of one declared type.</summary>
internal sealed class Sequence(string kind, Type element, Recipe[] items) : Recipe(Collections.Type(kind, element))
{
    public override object? Build(LazyLog lazies)
    {
        var built = Array.CreateInstance(element, items.Length);
        for (var i = 0; i < items.Length; i++)
        {
            built.SetValue(items[i].Build(lazies), i);
        }

        return Collections.Make(kind, built, lazies);
    }

    public override IEnumerable<Recipe> Shrink() =>
        items.Concat(items.Select((_, i) => new Sequence(kind, element, [.. items.Take(i), .. items.Skip(i + 1)])))
            .Concat(OneSimpler(items).Where(simpler => simpler.Length == 1 || simpler.All(item => item.Type == element))
                .Select(simpler => new Sequence(kind, simpler[0].Type, simpler)))
            .Concat(items.Length == 0 && element != typeof(int) ? [new Sequence(kind, typeof(int), [])] : Array.Empty<Recipe>());

    public override string ToString() => $"{kind}<{Names.Of(element)}>[{string.Join(", ", (object[])items)}]";
}

/// <summary>A dictionary of keys and values of one declared type each.</summary>
internal sealed class Map(string kind, Type key, Type value, (Recipe Key, Recipe Value)[] entries) : Recipe(Dictionaries.Type(kind, key, value))
{
    public override object? Build(LazyLog lazies)
    {
        var built = (IDictionary)Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(key, value))!;
        foreach (var entry in entries)
        {
            if (entry.Key.Build(lazies) is { } name)
            {
                built[name] = entry.Value.Build(lazies);
            }
        }

        return Dictionaries.Make(kind, key, value, built);
    }

    public override IEnumerable<Recipe> Shrink() =>
        entries.Select(entry => entry.Value)
            .Concat(entries.Select((_, i) => new Map(kind, key, value, [.. entries.Take(i), .. entries.Skip(i + 1)])))
            .Concat(OneSimpler([.. entries.Select(entry => entry.Value)]).Where(simpler => simpler.Length == 1 || simpler.All(one => one.Type == value))
                .Select(simpler => new Map(kind, key, simpler[0].Type, [.. entries.Zip(simpler, (entry, one) => (entry.Key, one))])))
            .Concat(entries.Length == 1
                ? entries[0].Key.Shrink().Where(one => one.Type.IsValueType).Select(one => new Map(kind, one.Type, value, [(one, entries[0].Value)])) : []);

    public override string ToString() =>
        $"{kind}<{Names.Of(key)}, {Names.Of(value)}>{{{string.Join(", ", entries.Select(entry => $"{entry.Key}: {entry.Value}"))}}}";
}

/// <summary>A class or struct that is emitted for this graph, with members of any name; those of a base class come first.</summary>
internal sealed class Emitted(bool isStruct, int inherited, (string Name, bool IsField, Recipe Value)[] members)
    : Recipe(EmittedTypes.Type(isStruct, inherited, [.. members.Select(member => (member.Name, member.IsField, member.Value.Type))]))
{
    public override object? Build(LazyLog lazies)
    {
        var built = Activator.CreateInstance(Type)!;
        for (var i = 0; i < members.Length; i++)
        {
            EmittedTypes.Set(built, i < inherited ? Type.BaseType! : Type, members[i].Name, members[i].IsField, members[i].Value.Build(lazies));
        }

        return built;
    }

    public override IEnumerable<Recipe> Shrink() =>
        members.Select(member => member.Value)
            .Concat(members.Select((_, i) => new Emitted(isStruct, i < inherited ? inherited - 1 : inherited, [.. members.Take(i), .. members.Skip(i + 1)])))
            .Concat(OneSimpler([.. members.Select(member => member.Value)])
                .Select(simpler => new Emitted(isStruct, inherited, [.. members.Zip(simpler, (member, one) => (member.Name, member.IsField, one))])));

    public override string ToString()
    {
        var texts = members
            .Select(member => $"{(member.IsField ? "field " : "")}{Names.Of(member.Value.Type)} \"{Names.Escaped(member.Name)}\" = {member.Value}").ToArray();
        return $"{(isStruct ? "struct" : "class")} {{ {string.Join("; ", texts.Skip(inherited))} }}"
            + (inherited > 0 ? $" : class {{ {string.Join("; ", texts.Take(inherited))} }}" : "");
    }
}
