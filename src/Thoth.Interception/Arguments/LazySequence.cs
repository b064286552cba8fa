using System.Collections;

namespace Thoth.Interception.Arguments;

/// <summary>Reads a lazy argument once, for parameters declared as <c>IEnumerable</c> or <c>IEnumerable&lt;T&gt;</c>.</summary>
internal abstract class LazySequence
{
    /// <summary>The largest JSON that may be sent holds no more elements, so reading stops here.</summary>
    private const int MaxElements = ArgumentJson.MaxBytes / 2;

    /// <summary>Gets the reader of a parameter type, or <see langword="null"/> if its values are not lazy.</summary>
    public static LazySequence? For(Type type)
    {
        if (type == typeof(IEnumerable))
        {
            return new Of<object?>();
        }

        return type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IEnumerable<>)
            ? (LazySequence)Activator.CreateInstance(typeof(Of<>).MakeGenericType(type.GetGenericArguments()))!
            : null;
    }

    /// <summary>Copies a lazy value into a list; returns any other value as it is.</summary>
    public abstract object Materialize(object value);

    private sealed class Of<T> : LazySequence
    {
        public override object Materialize(object value)
        {
            if (value is ICollection<T> or IReadOnlyCollection<T> or ICollection or string)
            {
                return value;
            }

            // A sequence may enumerate other elements as IEnumerable than as IEnumerable<T>; Cast prefers the latter, as the tool does.
            var elements = new List<T>();
            foreach (var element in ((IEnumerable)value).Cast<T>())
            {
                if (elements.Count == MaxElements)
                {
                    throw new InvalidOperationException("The sequence has more elements than 1 MiB of JSON can hold.");
                }

                elements.Add(element);
            }

            return elements;
        }
    }
}
