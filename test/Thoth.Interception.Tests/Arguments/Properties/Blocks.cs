using System.Text.Json.Serialization;

namespace Thoth.Interception.Tests.Arguments.Properties;

#pragma warning disable CA1051, CA2227, SA1401, CS0169, CS0108 // Members of every kind are the point.

/// <summary>Takes its parts other than by its constructor or by the members Value and More.</summary>
internal interface IFilled
{
    void Fill(object?[] parts);
}

/// <summary>Generic types of every member shape. Their parts are of any type, so their combinations are unlimited.</summary>
public static class Blocks
{
    /// <summary>The blocks in which nothing is odd.</summary>
    public static readonly Type[] Plain =
    [
        typeof(Box<>), typeof(FieldBox<>), typeof(ReadOnlyFieldBox<>), typeof(RecordBox<>), typeof(RecordOfTwo<,>), typeof(DerivedBox<>), typeof(EmptyDerivedBox<>),
        typeof(DerivedRecord<,>), typeof(OverridingBox<>), typeof(StructBox<>), typeof(RecordStructBox<>), typeof(FieldStruct<>), typeof(InitBox<>),
        typeof(GetOnlyBox<>), typeof(OtherNameBox<>), typeof(PrivateSetterBox<>), typeof(IncludedBox<>), typeof(GetOnlyList<>), typeof(GetOnlyBoxOfBox<>),
        typeof(GetOnlyMap<>), typeof(PopulatedList<>), typeof(StartedList<>), typeof(ComputedBox<>), typeof(TotalBox<>), typeof(ImplicitBox<>), typeof(DefaultBox<>),
        typeof(RenamedBox<,>), typeof(IgnoringBox<,>), typeof(IgnoringNullBox<,>), typeof(CaseTwins<,>), typeof(ClampedBox<>), typeof(CoupledBox<,>),
        typeof(TwoConstructorsBox<,>), typeof(DefaultsBox<>), typeof(SetterBox<>), typeof(IndexedBox<>), typeof(ExtraBox<>), typeof(RecursiveBox<>),
        typeof(KeyValuePair<,>), typeof(Tuple<,>), typeof(ValueTuple<>), typeof(ValueTuple<,>), typeof(System.Runtime.CompilerServices.StrongBox<>),
    ];

    /// <summary>The blocks that the serializer shows otherwise than a tool reads them, if it is left alone.</summary>
    public static readonly Type[] Odd =
    [
        typeof(HidingBox<,>), typeof(HidingFieldBox<,>), typeof(HidingRecord<,>), typeof(ExplicitBox<>), typeof(TwoFacedBox<,>), typeof(SameNameBox<,>),
        typeof(IgnoredHidingBox<,>), typeof(PrivatelyHidingBox<,>), typeof(UnseenDefaultBox<>), typeof(ThrowingBox<>),
        typeof(TaggedList<>), typeof(TaggedMap<>), typeof(Page<>), typeof(CyclicBox<>),
    ];

    public class Box<T> { public T? Value { get; set; } }

    public class DerivedBox<T> : Box<T> { public string Extra { get; set; } = "extra"; }

    public sealed class EmptyDerivedBox<T> : Box<T>;

    public class VirtualBox<T> { public virtual T? Value { get; set; } }

    public sealed class OverridingBox<T> : VirtualBox<T> { public override T? Value { get; set; } }

    public class FieldBox<T> { public T? Value; }

    public sealed class ReadOnlyFieldBox<T>(T value) { public readonly T Value = value; }

    public record RecordBox<T>(T Value);

    public sealed record RecordOfTwo<T, TMore>(T Value, TMore More);

    public sealed record DerivedRecord<T, TMore>(T Value, TMore More) : RecordBox<T>(Value);

    public struct StructBox<T> { public T? Value { get; set; } }

    public readonly record struct RecordStructBox<T>(T Value);

    public struct FieldStruct<T> { public T? Value; }

    public sealed class InitBox<T> { public required T Value { get; init; } }

    public sealed class GetOnlyBox<T>(T value) { public T Value { get; } = value; }

    public sealed class OtherNameBox<T>(T start) { public T Value { get; } = start; }

    public sealed class PrivateSetterBox<T> { public T? Value { get; private set; } }

    public sealed class IncludedBox<T> { [JsonInclude] internal T? Value { get; set; } }

    public sealed class GetOnlyList<T> : IFilled
    {
        public List<T> Items { get; } = [];

        public string? Subject { get; set; } = "subject";

        void IFilled.Fill(object?[] parts) => Items.Add((T)parts[0]!);
    }

    public sealed class GetOnlyBoxOfBox<T> : IFilled
    {
        public Box<T> Inner { get; } = new();

        void IFilled.Fill(object?[] parts) => Inner.Value = (T)parts[0]!;
    }

    public sealed class GetOnlyMap<T> : IFilled
    {
        public Dictionary<string, T> Map { get; } = [];

        void IFilled.Fill(object?[] parts) => Map["k"] = (T)parts[0]!;
    }

    public sealed class PopulatedList<T> : IFilled
    {
        [JsonObjectCreationHandling(JsonObjectCreationHandling.Populate)]
        public List<T> Items { get; } = [];

        void IFilled.Fill(object?[] parts) => Items.Add((T)parts[0]!);
    }

    /// <summary>A list that begins with an element: filling it once more doubles that.</summary>
    [JsonObjectCreationHandling(JsonObjectCreationHandling.Populate)]
    public sealed class StartedList<T> : IFilled
    {
        public List<T?> Items { get; } = [default];

        void IFilled.Fill(object?[] parts) => Items.Add((T)parts[0]!);
    }

    public sealed class ComputedBox<T>
    {
        public T? Value { get; set; }

        public bool IsSet => Value is not null;
    }

    /// <summary>State that can be read but not written.</summary>
    public sealed class TotalBox<T> : IFilled
    {
        private int _total = 1;

        public T? Value { get; set; }

        public int Total => _total;

        void IFilled.Fill(object?[] parts) => (Value, _total) = ((T)parts[0]!, 7);
    }

    public interface IBox<out T> { T? Value { get; } }

    public sealed class ImplicitBox<T> : IBox<T> { public T? Value { get; set; } }

    public interface IDefaultBox<out T> : IBox<T> { string Label => "by default"; }

    public sealed class DefaultBox<T> : IDefaultBox<T>
    {
        public T? Value { get; set; }

        public string Label => "by default";
    }

    public sealed class RenamedBox<T, TMore>
    {
        [JsonPropertyName("val\u00fc\"e")]
        public T? Value { get; set; }

        [JsonPropertyName("$id")]
        public TMore? More { get; set; }
    }

    public sealed class IgnoringBox<T, TMore>
    {
        public T? Value { get; set; }

        [JsonIgnore]
        public TMore? More { get; set; }
    }

    public sealed class IgnoringNullBox<T, TMore>
    {
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public Box<T>? Value { get; set; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
        public TMore? More { get; set; }
    }

    public sealed class CaseTwins<T, TMore> : IFilled
    {
        public T? Amount { get; set; }

        public TMore? amount { get; set; }

        void IFilled.Fill(object?[] parts) => (Amount, amount) = ((T)parts[0]!, (TMore)parts[1]!);
    }

    /// <summary>A setter that keeps another value than it is given.</summary>
    public sealed class ClampedBox<T>
    {
        public T? Value { get; set; }

        public string Text { get; set => field = value.Length > 3 ? value[..3] : value; } = "abc";

        public int Limit { get; set => field = Math.Min(value, 100); } = 100;
    }

    /// <summary>A setter that changes another member.</summary>
    public sealed class CoupledBox<T, TMore> : IFilled
    {
        public TMore? More { get; set; }

        public T? Value
        {
            get;
            set => (field, More) = (value, default);
        }

        void IFilled.Fill(object?[] parts)
        {
            Value = (T)parts[0]!;
            More = (TMore)parts[1]!;
        }
    }

    public sealed class TwoConstructorsBox<T, TMore>
    {
        public TwoConstructorsBox()
        {
        }

        public TwoConstructorsBox(T value, TMore more) => (Value, More) = (value, more);

        public T? Value { get; }

        public TMore? More { get; set; }
    }

    /// <summary>A value that is not written, since it is the default of its type, but not that of the class.</summary>
    public sealed class DefaultsBox<T> : IFilled
    {
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
        public int Limit { get; set; } = 5;

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public string? Text { get; set; } = "text";

        public T? Value { get; set; }

        void IFilled.Fill(object?[] parts) => (Value, Limit, Text) = ((T)parts[0]!, 0, null);
    }

    /// <summary>A class that overrides only the setter: the getter is the base class's.</summary>
    public sealed class SetterBox<T> : VirtualBox<T>, IFilled
    {
        public override T? Value { set => base.Value = value; }

        void IFilled.Fill(object?[] parts) => base.Value = (T)parts[0]!;
    }

    public sealed class IndexedBox<T>
    {
        public static int Count { get; set; } = 3;

        public T? Value { get; set; }

        public int Only { set => Last = value; }

        public int Last { get; private set; }

        public int this[int index] => index;
    }

    public sealed class ExtraBox<T> : IFilled
    {
        public T? Value { get; set; }

        [JsonExtensionData]
        public Dictionary<string, object?> Extra { get; set; } = [];

        void IFilled.Fill(object?[] parts)
        {
            Value = (T)parts[0]!;
            Extra["more"] = "text";
        }
    }

    public sealed class RecursiveBox<T> : IFilled
    {
        public T? Value { get; set; }

        public RecursiveBox<T>? Next { get; set; }

        public List<RecursiveBox<T>> Children { get; set; } = [];

        void IFilled.Fill(object?[] parts)
        {
            Value = (T)parts[0]!;
            Next = new() { Value = Value is System.Collections.IEnumerable ? default : Value };
            Children.Add(Next);
        }
    }

    public sealed class HidingBox<T, TMore> : Box<T>, IFilled
    {
        public new TMore? Value { get; set; }

        void IFilled.Fill(object?[] parts) => (base.Value, Value) = ((T)parts[0]!, (TMore)parts[1]!);
    }

    public sealed class IgnoredHidingBox<T, TMore> : Box<T>, IFilled
    {
        [JsonIgnore]
        public new TMore? Value { get; set; }

        void IFilled.Fill(object?[] parts) => (base.Value, Value) = ((T)parts[0]!, (TMore)parts[1]!);
    }

    public sealed class PrivatelyHidingBox<T, TMore> : Box<T>, IFilled
    {
        private new TMore? Value { get; set; }

        void IFilled.Fill(object?[] parts) => (base.Value, Value) = ((T)parts[0]!, (TMore)parts[1]!);
    }

    /// <summary>A member that only the interface has.</summary>
    public sealed class UnseenDefaultBox<T> : IDefaultBox<T> { public T? Value { get; set; } }

    public sealed class HidingFieldBox<T, TMore> : FieldBox<T>, IFilled
    {
        public new TMore? Value { get; set; }

        void IFilled.Fill(object?[] parts) => (base.Value, Value) = ((T)parts[0]!, (TMore)parts[1]!);
    }

    public sealed record HidingRecord<T, TMore>(T Start, TMore More) : RecordBox<T>(Start) { public new string Value { get; init; } = "hides"; }

    public sealed class ExplicitBox<T>(T start) : IBox<T>
    {
        private readonly T _value = start;

        public string Label { get; set; } = "label";

        T IBox<T>.Value => _value;
    }

    public sealed class TwoFacedBox<T, TMore> : IBox<T>, IFilled
    {
        private T? _value;

        public TMore? Value { get; set; }

        T? IBox<T>.Value => _value;

        void IFilled.Fill(object?[] parts) => (_value, Value) = ((T)parts[0]!, (TMore)parts[1]!);
    }

    public sealed class SameNameBox<T, TMore>
    {
        public T? Value { get; set; }

        [JsonPropertyName("Value")]
        public TMore? More { get; set; }
    }

    public sealed class ThrowingBox<T>
    {
        public T? Value { get; set; }

        public int Broken => throw new InvalidOperationException("no value");
    }

    public sealed class TaggedList<T> : List<T>, IFilled
    {
        public string Tag { get; set; } = "tag";

        void IFilled.Fill(object?[] parts) => Add((T)parts[0]!);
    }

    public sealed class TaggedMap<T> : Dictionary<string, T>, IFilled
    {
        public string Tag { get; set; } = "tag";

        void IFilled.Fill(object?[] parts) => Add("k", (T)parts[0]!);
    }

    public sealed class Page<T>(T only) : IEnumerable<T>
    {
        private readonly T[] _items = [only];

        public int Number { get; set; } = 4;

        public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)_items).GetEnumerator();

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }

    public sealed class CyclicBox<T> : IFilled
    {
        public T? Value { get; set; }

        public object? Self { get; set; }

        void IFilled.Fill(object?[] parts) => (Value, Self) = ((T)parts[0]!, this);
    }
}
