namespace Thoth.Interception.Tests.Arguments.Properties;

/// <summary>
/// Makes recipes by chance. Types come from one source of chance and values from another, so that a collection gets several
/// values of one type by starting the first source again.
/// </summary>
internal sealed class GraphMaker(Random values, bool hostile)
{
    private const int Shapes = 6_000;

    private static readonly string[] s_names =
        ["Amount", "amount", "Value", "value", "$type", "$ref", "$opaque", "Länge", "注文", "a.b", "a\"b", "args", "arg0", "x y", "<k>", "ToString", "Length"];

    /// <summary>Makes a graph from a seed. Of all graphs, two in five may have parts that are hard to show.</summary>
    public static Recipe FromSeed(int seed)
    {
        var values = new Random(seed);
        var hostile = values.Next(5) < 2;
        return new GraphMaker(values, hostile).Make(new Random(values.Next(Shapes)), values.Next(1, 4));
    }

    /// <summary>Makes every kind of value, block, collection and dictionary alone, and behind the types that a place can declare for it.</summary>
    public static IEnumerable<Recipe> EveryKind()
    {
        var leaves = Leaves.Plain.Concat(Leaves.Hostile).SelectMany(leaf => Enumerable.Range(0, 12).Select(seed => leaf(new Random(seed)))).ToArray();
        var payments = leaves.Where(leaf => leaf.Type == typeof(Families.Payment)).ToArray();
        Func<int, Recipe>[] parts =
        [
            seed => Leaves.Text(new Random(seed)), _ => Leaf.Zero, _ => new Place(typeof(object), Leaf.Zero), seed => payments[seed],
            _ => new Sequence("once", typeof(int), [Leaf.Zero]),
        ];
        var blocks = Blocks.Plain.Concat(Blocks.Odd).SelectMany(open => parts.SelectMany(part => open.GetGenericArguments().Length == 1
            ? [new Block(open, part(0))] : new[] { new Block(open, part(0), parts[0](1)), new Block(open, part(0), parts[3](1)) }));
        var sequences = Collections.Plain.Concat(Collections.Lazy).Concat(Collections.Odd)
            .SelectMany(kind => parts.Select(part => new Sequence(kind, part(0).Type, [part(0), part(1), part(2)])));
        var keys = Enumerable.Range(0, 11).Select(kind => (Recipe[])[Leaves.Key(new Random(kind), new Random(0)), Leaves.Key(new Random(kind), new Random(1))]);
        var maps = Dictionaries.Plain.SelectMany(kind => parts[2..].SelectMany(part => keys.Select(
            pair => new Map(kind, pair[0].Type, part(0).Type, [(pair[0], part(0)), (pair[1], part(1))]))));
        var all = leaves.Concat(blocks).Concat(sequences).Concat(maps).DistinctBy(recipe => $"{recipe.Type} {recipe}").ToArray();
        return all.Concat(all.SelectMany(recipe => Bases(recipe.Type)
            .Where(declared => declared.Namespace != "System" && !declared.Namespace!.StartsWith("System.Runtime", StringComparison.Ordinal))
            .Append(typeof(object)).Select(declared => new Place(declared, recipe))));
    }

    private Recipe Make(Random shape, int depth)
    {
        var kind = shape.Next(100);
        var recipe = depth == 0 || kind < 12 ? LeafOf(shape)
            : kind < 45 ? BlockOf(shape, depth)
            : kind < 67 ? SequenceOf(shape, depth)
            : kind < 76 ? MapOf(shape, depth)
            : kind < 88 ? PlaceOf(shape, depth)
            : EmittedOf(shape, depth);
        return recipe.Type.IsValueType || values.Next(15) > 0 ? recipe : new Leaf(recipe.Type, "null", () => null);
    }

    private Recipe LeafOf(Random shape) => Any(shape, hostile && shape.Next(6) == 0 ? Leaves.Hostile : Leaves.Plain)(values);

    private Block BlockOf(Random shape, int depth)
    {
        var open = Any(shape, hostile && shape.Next(4) == 0 ? Blocks.Odd : Blocks.Plain);
        return new Block(open, [.. open.GetGenericArguments().Select(_ => Make(shape, depth - 1))]);
    }

    private Sequence SequenceOf(Random shape, int depth)
    {
        var kind = Any(shape, hostile && shape.Next(5) == 0 ? Collections.Odd : shape.Next(6) == 0 ? Collections.Lazy : Collections.Plain);
        var items = Several(shape, depth, values.Next(1, 5));
        return new Sequence(kind, items[0].Type, values.Next(8) == 0 ? [] : items);
    }

    private Map MapOf(Random shape, int depth)
    {
        var kind = Any(shape, Dictionaries.Plain);
        var count = values.Next(1, 4);
        var keySeed = shape.Next();
        var keys = Enumerable.Range(0, count).Select(_ => Leaves.Key(new Random(keySeed), values)).ToArray();
        var items = Several(shape, depth, count);
        return new Map(kind, keys[0].Type, items[0].Type, [.. keys.Zip(items)]);
    }

    private Place PlaceOf(Random shape, int depth)
    {
        if (shape.Next(2) == 0)
        {
            return new Place(typeof(object), Make(new Random(values.Next(Shapes)), depth - 1));
        }

        var inner = Make(shape, depth - 1);
        var declared = inner.Type.IsValueType && Nullable.GetUnderlyingType(inner.Type) is null && shape.Next(3) > 0
            ? typeof(Nullable<>).MakeGenericType(inner.Type)
            : Any(shape, [typeof(object), .. Bases(inner.Type)]);
        return new Place(declared, inner);
    }

    private Emitted EmittedOf(Random shape, int depth)
    {
        var count = shape.Next(1, 5);
        var inherited = shape.Next(3) == 0 ? shape.Next(count) : 0;
        var names = new List<string>();
        while (names.Count < count)
        {
            // A name may appear again in the derived class, where it hides the first.
            var name = Any(shape, s_names);
            if (!names.Contains(name) || (hostile && names.Count >= inherited && !names.Skip(inherited).Contains(name)))
            {
                names.Add(name);
            }
        }

        return new Emitted(
            inherited == 0 && shape.Next(3) == 0, inherited, [.. names.Select(name => (name, shape.Next(4) == 0, Make(shape, depth - 1)))]);
    }

    private Recipe[] Several(Random shape, int depth, int count)
    {
        var seed = shape.Next();
        return [.. Enumerable.Range(0, count).Select(_ => Make(new Random(seed), depth - 1))];
    }

    /// <summary>Base classes and interfaces that a place can declare.</summary>
    private static IEnumerable<Type> Bases(Type type)
    {
        for (var at = type.BaseType; at is not null && at != typeof(object); at = at.BaseType)
        {
            yield return at;
        }

        foreach (var one in type.GetInterfaces().Where(one => one.IsVisible && !one.GetMethods().Any(method => method is { IsStatic: true, IsAbstract: true })))
        {
            yield return one;
        }
    }

    private static T Any<T>(Random chance, IReadOnlyList<T> options) => options[chance.Next(options.Count)];
}
