using System.Collections.Specialized;
using System.Dynamic;
using System.Numerics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using static Thoth.Interception.Tests.Arguments.Properties.Families;

namespace Thoth.Interception.Tests.Arguments.Properties;

/// <summary>Values without generated parts: of each type a generator, so that the elements of a collection have one type.</summary>
internal static class Leaves
{
    private static readonly string[] s_texts =
    [
        "", "a", "A-1001", "Friday", "null", "1", "\ufffd", "\ufeff", "\0", "\u2028", "</script>", "A\u0308",
        "\u202Eabc", "😀", "注文", "null\u0000x", "2026-01-01", "\ud83d\ude00\ufffd",
    ];

    public static readonly Func<Random, Recipe>[] Plain =
    [
        values => Pick(values, 0, 1, -1, int.MinValue, int.MaxValue, values.Next()),
        values => Pick(values, 0L, long.MinValue, long.MaxValue, 9007199254740993),
        values => Pick<byte>(values, 0, 255),
        values => Pick<sbyte>(values, -128, 127),
        values => Pick(values, ushort.MaxValue, (ushort)7),
        values => Pick(values, ulong.MaxValue, 1UL),
        values => Pick(values, true, false),
        values => Pick(values, 0m, 1.0m, 1.00m, decimal.MaxValue, -0.0000000000000000000000000001m),
        values => Pick(values, 0.0, -0.0, 0.1, double.Epsilon, double.MaxValue, 1e21, 5e-7),
        values => Pick(values, 0f, -0f, 0.1f, float.MaxValue, 16777217f),
        values => Pick(values, (Half)0.1, Half.MaxValue),
        values => Pick(values, 'a', '\0', 'Ä', '\ufffd'),
        Text,
        Text,
        values => Pick(values, Guid.Empty, new Guid("6f9619ff-8b86-d011-b42d-00c04fc964ff")),
        values => Pick(values, default, DateTime.MaxValue, new DateTime(2026, 1, 2, 3, 4, 5, 6, DateTimeKind.Local),
            new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc).AddTicks(1)),
        values => Pick(values, default, DateTimeOffset.MaxValue, new DateTimeOffset(2026, 7, 1, 0, 0, 0, TimeSpan.FromMinutes(345))),
        values => Pick(values, TimeSpan.Zero, TimeSpan.MinValue, TimeSpan.FromTicks(1), TimeSpan.FromDays(400)),
        values => Pick(values, default, new DateOnly(2024, 2, 29)),
        values => Pick(values, default, TimeOnly.MaxValue),
        values => Pick(values, Level.Low, Level.AlsoHigh, default, (Level)77),
        values => Pick(values, Rights.None, Rights.All, Rights.Write, (Rights)12),
        values => Pick(values, Renamed.First, Renamed.Second),
        values => Pick(values, Swapped.A, Swapped.B),
        values => Pick(values, Big.Max, Big.None, (Big)7),
        values => Pick<byte[]>(values, [], [1, 2, 255]),
        values => Pick<int?>(values, null, 3),
        values => Pick<DateTime?>(values, null, default(DateTime)),
        values => Pick<Level?>(values, null, Level.High),
        values => Pick(values, new Uri("https://a.example/ä?b=c#d"), new Uri("x/../y", UriKind.Relative)),
        values => Pick(values, new Version(1, 2), new Version(1, 2, 3, 4)),
        values => Pick<(int, bool)?>(values, (1, true), null),
        values => Pick(values, (1, 2, 3, 4, 5, 6, 7, "8")),
        values => Pick(values, Int128.MaxValue, -1),
        values => Make(values, typeof(JsonElement), Json, json => JsonDocument.Parse(json).RootElement),
        values => Make(values, typeof(JsonNode), Json, json => JsonNode.Parse(json)),
        values => Make(values, typeof(JsonDocument), Json, json => JsonDocument.Parse(json)),
        values => New<Payment>(values, () => new() { Amount = 1 }, () => new CardPayment { Amount = 1, Number = "4111" }, () => new InstantPayment { Amount = 2 },
            () => new GoldPayment { Rights = Rights.All }),
        values => New<IOwner>(values, () => new Person("Ada", 36), () => new Company("A", Level.High)),
        values => New<Shape>(values, () => new Circle { Radius = 9 }, () => new Square { Side = 1.50m }, () => new Circle { Name = "c" }),
        values => New<IPet>(values, () => new Cat { Name = "c" }, () => new Dog { Tricks = { "sit" } }),
        values => New<Odd>(values, () => new Odd(), () => default, () => new Odd { X = 7 }),
        values => New(values, () => new TextOfAmount { Amount = 12 }),
        values => New(values, () => new ExtraByConverter { Amount = 3 }),
        values => New(values, () => new ExtraElements { Amount = 4, Extra = new() { ["more"] = JsonSerializer.SerializeToElement(1) } }),
        values => New(values, () => new ExtraObject { Amount = 4, Extra = new() { ["more"] = 1 } }),
        values => New<Bag>(values, () => [1, 2]),
        values => New<Stream>(values, () => Stream.Null),
        values => New<Action>(values, () => () => { }),
        values => New<object>(values, () => new object()),
        values => New<object>(values, () => new { A = 1, B = "b" }),
    ];

    /// <summary>Values that no serializer shows as they are: refused, unless somebody has thought of them.</summary>
    public static readonly Func<Random, Recipe>[] Hostile =
    [
        values => Pick(values, "a\ud800b", "\udc00", "\ud83d"),
        values => Pick(values, '\ud800', '\udfff'),
        values => Pick(values, double.NaN, double.PositiveInfinity),
        values => Pick(values, float.NaN, float.NegativeInfinity),
        values => Make(values, typeof(JsonElement), BadJson, json => JsonDocument.Parse(json).RootElement),
        values => Make(values, typeof(JsonNode), BadJson, json => JsonNode.Parse(json)),
        values => Make(values, typeof(JsonDocument), BadJson, json => JsonDocument.Parse(json)),
        values => New<JsonNode>(values, () => JsonValue.Create("\ud800"), () => new JsonObject { ["\ud800"] = 1 }, () => JsonValue.Create(double.NaN),
            () => new JsonArray(new JsonObject { ["a"] = 'x' }), () => JsonValue.Create(new Person("Ada", 36))!,
            () => JsonValue.Create<object>(new CardPayment { Amount = 1 })!),
        values => New<JsonElement>(values, () => default),
        values => New<Payment>(values, () => new DoublePayment { Amount = 1000000 }),
        values => New(values, () => new DoublePayment { Amount = 1000000 }),
        values => New<Shape>(values, () => new Triangle(), () => new Shape { Name = "s" }),
        values => New<IPet>(values, () => new Puppy { Weeks = 8 }),
        values => New<Dog>(values, () => new Puppy { Weeks = 8 }),
        values => New(values, () => new TwiceByConverter { Amount = 5 }),
        values => Make(values, typeof(RawByConverter), [.. BadJson, .. RawJson], json => new RawByConverter { Json = json }),
        values => New(values, () => new ExtraElements { Amount = 4, Extra = Extra("Amount") },
            () => new ExtraElements { Extra = Extra("$type") }, () => new ExtraElements { Extra = Extra("\ud800") }),
        values => New(values, () => new ExtraObject { Amount = 4, Extra = new() { ["Amount"] = 1000 } }, () => new ExtraObject { Extra = new() { ["x"] = "\udc00" } }),
        values => New(values, () => BigInteger.One, () => BigInteger.Pow(10, 30)),
        values => New(values, () => new StringBuilder("text")),
        values => New(values, () => new NameValueCollection { ["a"] = "1" }),
        values => New<System.Collections.Hashtable>(values, () => new() { [1] = "a", ["1"] = "b" }),
        values => New(values, () => new Dictionary<object, int> { [1] = 1, ["1"] = 2 }),
        values => New(values, () => new Dictionary<(int, int), int> { [(1, 2)] = 3 }),
        values => New(values, () => new Dictionary<string, int> { ["\ud800"] = 1, ["\ufffd"] = 2 }),
        values => New(values, () => new Dictionary<double, string> { [double.NaN] = "a", [-0.0] = "b" }),
        values => New(values, () => new Dictionary<string, string> { ["$opaque"] = "System.IO.Stream" }),
        values => New(values, () => new Dictionary<string, object> { ["$type"] = "circle", ["$ref"] = "1", [""] = 0 }),
        values => New(values, () => new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "a" }),
        values => New(values, () => new ExpandoObject()),
        values => New(values, () => new PriorityQueue<string, int>([("a", 1)])),
        values => New(values, () => System.Net.IPAddress.Loopback),
        values => New(values, () => System.Globalization.CultureInfo.InvariantCulture),
        values => New(values, () => new Complex(1, 2)),
        values => New(values, () => new Vector3(1, 2, 3)),
        values => New(values, () => new Index(1, fromEnd: true)),
        values => New(values, () => new Rune('x')),
        values => New(values, () => new System.Collections.BitArray([true, false])),
        values => New(values, () => System.Xml.Linq.XElement.Parse("<a b='c'/>")),
        values => New(values, () => Xml("<a b='c'>d</a>")),
        values => New<Exception>(values, () => new InvalidOperationException("text")),
        values => New(values, () => new System.Buffers.ReadOnlySequence<byte>([1, 2])),
        values => Make(values, typeof(object), [55, 63, 70], depth => Enumerable.Range(0, depth).Aggregate((object)1, (inner, _) => new[] { inner })),
        values => New<Lazy<int>>(values, () => new(() => 1)),
        values => New<Task<int>>(values, () => Task.FromResult(1)),
        values => New<IAsyncEnumerable<int>>(values, () => AsyncEnumerable.Empty<int>()),
        values => New(values, () => 5.ToString().AsMemory()),
        values => New<int[,]>(values, () => new[,] { { 1, 2 }, { 3, 4 } }),
        values => New<object[]>(values, () => new string[] { "a" }),
        values => New<Payment[]>(values, () => new CardPayment[] { new() { Number = "1" } }),
    ];

    private static string[] RawJson => ["{", "1 2", "\"\\u0041\"", "{\"a\":{\"b\":[{\"c\":1,\"\\u0063\":2}]}}", ""];

    private static string[] Json =>
        ["null", "1", "1.0", "1e400", "\"\\ufffd\"", "[1,{\"a\":null}]", "{\"Amount\":1,\"amount\":2}", "{\"$type\":\"circle\"}", "{\"\":{}}"];

    private static string[] BadJson => ["{\"a\":1,\"a\":2}", "[{\"x\":{\"a\":1,\"\\u0061\":2}}]", "\"\\ud800\"", "{\"\\udc00\":1}", "{\"a\":[\"\\ud83d\"]}"];

    public static Recipe Text(Random values) =>
        values.Next(3) == 0 ? Pick(values, $"{values.Next(1000)} {s_texts[values.Next(s_texts.Length)]}") : Pick(values, s_texts);

    public static Recipe Key(Random shape, Random values) => shape.Next(11) switch
    {
        0 => Pick(values, 0, 1, -1),
        1 => Pick(values, Level.Low, Level.High, (Level)9),
        2 => Pick(values, Guid.Empty, new Guid("6f9619ff-8b86-d011-b42d-00c04fc964ff")),
        3 => Pick(values, default, new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc)),
        4 => Pick(values, true, false),
        5 => Pick(values, 1.5, -0.0, 1e21),
        6 => Pick(values, Swapped.A, Swapped.B),
        7 => Pick(values, TimeSpan.FromTicks(1), TimeSpan.MinValue),
        _ => values.Next(8) == 0 ? Pick(values, "$type", "$opaque", "Value", "\0") : Text(values),
    };

    private static Recipe Pick<T>(Random values, params T[] options) => Make(values, typeof(T), options, option => option);

    private static Recipe Make<T>(Random values, Type type, T[] options, Func<T, object?> make)
    {
        var option = options[values.Next(options.Length)];
        return new Leaf(type, type == typeof(T) ? Names.Literal(option) : $"{Names.Of(type)}({Names.Literal(option)})", () => make(option));
    }

    private static Recipe New<T>(Random values, params Func<T>[] options)
    {
        var index = values.Next(options.Length);
        return new Leaf(typeof(T), Names.Described(options[index]()), () => options[index]());
    }

    private static Dictionary<string, JsonElement> Extra(string name) => new() { [name] = JsonSerializer.SerializeToElement(1000) };

    private static System.Xml.XmlDocument Xml(string text)
    {
        var document = new System.Xml.XmlDocument();
        document.LoadXml(text);
        return document;
    }
}
