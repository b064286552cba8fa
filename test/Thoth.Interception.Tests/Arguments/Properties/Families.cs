using System.Collections;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Thoth.Interception.Tests.Arguments.Properties;

#pragma warning disable CA1051, SA1401 // Members of every kind are the point.

/// <summary>Types whose values differ by their class, and types whose author has said how they are written.</summary>
public static class Families
{
    public enum Level { Low = 1, High = 2, AlsoHigh = 2 }

    [Flags]
    public enum Rights : byte { None = 0, Read = 1, Write = 2, All = 3 }

    public enum Big : ulong { None = 0, Max = ulong.MaxValue }

    /// <summary>Names that the author exchanges.</summary>
    public enum Swapped { [JsonStringEnumMemberName("B")] A, [JsonStringEnumMemberName("A")] B }

    public enum Renamed { [JsonStringEnumMemberName("first one")] First, Second }

    public class Payment { public int Amount { get; set; } }

    public class CardPayment : Payment { public string? Number { get; set; } }

    public sealed class InstantPayment : Payment;

    public sealed class GoldPayment : CardPayment { public Rights Rights { get; set; } }

    public sealed class DoublePayment : Payment { public new int Amount { get; set; } }

    public interface IOwner { string? Name { get; } }

    public sealed record Person(string? Name, int Age) : IOwner;

    public readonly record struct Company(string? Name, Level Level) : IOwner;

    [JsonDerivedType(typeof(Circle), "circle")]
    [JsonDerivedType(typeof(Square), 2)]
    public class Shape { public string? Name { get; set; } }

    public sealed class Circle : Shape { public double Radius { get; set; } }

    public sealed class Square : Shape { public decimal Side { get; set; } }

    public sealed class Triangle : Shape { public int Sides { get; set; } = 3; }

    [JsonPolymorphic(TypeDiscriminatorPropertyName = "kind", UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FallBackToNearestAncestor)]
    [JsonDerivedType(typeof(Cat), "cat")]
    [JsonDerivedType(typeof(Dog), "dog")]
    public interface IPet { string? Name { get; set; } }

    public sealed class Cat : IPet { public string? Name { get; set; } }

    public class Dog : IPet
    {
        public string? Name { get; set; }

        public List<string> Tricks { get; set; } = [];
    }

    public sealed class Puppy : Dog { public int Weeks { get; set; } }

    public struct Odd
    {
        public Odd() => X = 5;

        public int X { get; set; }
    }

    public sealed class TextOfAmount { [JsonConverter(typeof(AsTextConverter))] public int Amount { get; set; } }

    public sealed class TwiceByConverter { [JsonConverter(typeof(TwiceConverter))] public int Amount { get; set; } }

    [JsonConverter(typeof(ExtraConverter))]
    public sealed class ExtraByConverter { public int Amount { get; set; } }

    [JsonConverter(typeof(RawConverter))]
    public sealed class RawByConverter { public string? Json { get; set; } }

    public sealed class ExtraElements
    {
        public int Amount { get; set; }

        [JsonExtensionData]
        public Dictionary<string, JsonElement>? Extra { get; set; }
    }

    public sealed class ExtraObject
    {
        public int Amount { get; set; }

        [JsonExtensionData]
        public JsonObject? Extra { get; set; }
    }

    /// <summary>A set without any base class, which no serializer knows.</summary>
    public sealed class Bag : ICollection<int>
    {
        private readonly List<int> _items = [];

        public int Count => _items.Count;

        public bool IsReadOnly => false;

        public void Add(int item) => _items.Add(item);

        public void Clear() => _items.Clear();

        public bool Contains(int item) => _items.Contains(item);

        public void CopyTo(int[] array, int arrayIndex) => _items.CopyTo(array, arrayIndex);

        public bool Remove(int item) => _items.Remove(item);

        public IEnumerator<int> GetEnumerator() => _items.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }

    private sealed class AsTextConverter : JsonConverter<int>
    {
        public override int Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => int.Parse(reader.GetString()!);

        public override void Write(Utf8JsonWriter writer, int value, JsonSerializerOptions options) => writer.WriteStringValue($"{value}");
    }

    private sealed class TwiceConverter : JsonConverter<int>
    {
        public override int Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            reader.Skip();
            return 1;
        }

        public override void Write(Utf8JsonWriter writer, int value, JsonSerializerOptions options)
        {
            writer.WriteStartObject();
            writer.WriteNumber("a", 1);
            writer.WriteNumber("a", value);
            writer.WriteEndObject();
        }
    }

    private sealed class ExtraConverter : JsonConverter<ExtraByConverter>
    {
        public override ExtraByConverter Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            new() { Amount = JsonElement.ParseValue(ref reader).GetProperty("Amount").GetInt32() };

        public override void Write(Utf8JsonWriter writer, ExtraByConverter value, JsonSerializerOptions options)
        {
            writer.WriteStartObject();
            writer.WriteNumber("Amount", value.Amount);
            writer.WriteString("currency", "EUR");
            writer.WriteEndObject();
        }
    }

    private sealed class RawConverter : JsonConverter<RawByConverter>
    {
        public override RawByConverter Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            new() { Json = JsonElement.ParseValue(ref reader).GetRawText() };

        public override void Write(Utf8JsonWriter writer, RawByConverter value, JsonSerializerOptions options) =>
            writer.WriteRawValue(value.Json!, skipInputValidation: true);
    }
}

/// <summary>A sequence that can be read once, as one over a connection: the second enumerator has no elements.</summary>
internal sealed class OnceOnly<T>(IEnumerable<T> items) : IEnumerable<T>
{
    private IEnumerable<T>? _items = items;

    public IEnumerator<T> GetEnumerator() => (Interlocked.Exchange(ref _items, null) ?? []).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
