using System.Collections.Concurrent;
using System.Reflection;
using System.Reflection.Emit;

namespace Thoth.Interception.Tests.Arguments.Properties;

/// <summary>Emits public types with members as asked, each once.</summary>
internal static class EmittedTypes
{
    private const MethodAttributes Accessor = MethodAttributes.Public | MethodAttributes.HideBySig | MethodAttributes.SpecialName;

    private static readonly ModuleBuilder s_module =
        AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("Emitted"), AssemblyBuilderAccess.Run).DefineDynamicModule("Emitted");

    private static readonly ConcurrentDictionary<string, Type> s_types = new();

    private static int s_last;

    public static Type Type(bool isStruct, int inherited, (string Name, bool IsField, Type Type)[] members)
    {
        var parent = isStruct ? typeof(ValueType) : inherited == 0 ? typeof(object) : Class(false, typeof(object), members[..inherited]);
        return Class(isStruct, parent, isStruct ? members : members[inherited..]);
    }

    public static void Set(object built, Type type, string name, bool isField, object? value)
    {
        const BindingFlags Own = BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly;
        if (isField)
        {
            type.GetField(name, Own)!.SetValue(built, value);
        }
        else
        {
            type.GetProperty(name, Own)!.SetValue(built, value);
        }
    }

    private static Type Class(bool isStruct, Type parent, (string Name, bool IsField, Type Type)[] members) => s_types.GetOrAdd(
        $"{parent.AssemblyQualifiedName} {string.Join(';', members.Select(member => $"{member.Name} {member.IsField} {member.Type.AssemblyQualifiedName}"))}",
        _ =>
        {
            var builder = s_module.DefineType(
                $"Emitted.{(isStruct ? "Struct" : "Class")}{Interlocked.Increment(ref s_last)}",
                TypeAttributes.Public | (isStruct ? TypeAttributes.Sealed | TypeAttributes.SequentialLayout : TypeAttributes.Class), parent);
            foreach (var (name, isField, type) in members)
            {
                if (isField)
                {
                    builder.DefineField(name, type, FieldAttributes.Public);
                }
                else
                {
                    Property(builder, name, type);
                }
            }

            return builder.CreateType();
        });

    private static void Property(TypeBuilder builder, string name, Type type)
    {
        var field = builder.DefineField($"<{name}>", type, FieldAttributes.Private);
        var get = builder.DefineMethod($"get_{name}", Accessor, type, []);
        var code = get.GetILGenerator();
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Ldfld, field);
        code.Emit(OpCodes.Ret);
        var set = builder.DefineMethod($"set_{name}", Accessor, null, [type]);
        code = set.GetILGenerator();
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Ldarg_1);
        code.Emit(OpCodes.Stfld, field);
        code.Emit(OpCodes.Ret);
        var property = builder.DefineProperty(name, PropertyAttributes.None, type, []);
        property.SetGetMethod(get);
        property.SetSetMethod(set);
    }
}
