from tortoise import migrations
from tortoise.migrations import operations as ops
from models.issues import Action
from models.territory import Chosen
from tortoise.fields.base import OnDelete
from linzhang import schema
from tortoise import fields


class Migration(migrations.Migration):
    dependencies = [("linzhang", "0001_initial")]

    initial = False

    operations = [
        schema.DescribeField(
            model_name="History",
            name="action",
            field=fields.CharEnumField(
                description="REPORT: report\nPLACE: place\nADD: add\nANSWER: answer\nSAY: say\nCORRECT: correct\nRETRACT: retract\nRESOLVE: resolve\nCONFIRM: confirm\nREJECT: reject\nPASS_UP: pass_up\nESCALATE: escalate\nREMIND: remind\nACCEPT: accept\nURGENT: urgent\nPRIVATE: private\nREFER: refer\nRETURN: return\nMERGE: merge\nSPLIT: split\nWITHDRAW: withdraw\nLAPSE: lapse\nVACANT: vacant\nRATE: rate\nCALL: call\nUNDO: undo\nCALM: calm\nREARRANGE: rearrange",
                enum_type=Action,
                max_length=16,
            ),
        ),
        schema.DescribeField(
            model_name="Leadership",
            name="chosen",
            field=fields.CharEnumField(
                default=Chosen.UNKNOWN,
                description="UNKNOWN: \nRECOMMENDED: recommended\nVOLUNTEERED: volunteered\nAPPOINTED: appointed",
                enum_type=Chosen,
                max_length=16,
            ),
        ),
        ops.AddField(
            model_name="Person",
            name="party_member",
            field=fields.BooleanField(null=True),
        ),
        ops.AddField(
            model_name="Person",
            name="smartphone",
            field=fields.BooleanField(null=True),
        ),
        ops.AddField(
            model_name="Unit",
            name="closed_at",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name="Unit",
            name="merged_into",
            field=fields.ForeignKeyField(
                "linzhang.Unit",
                source_field="merged_into_id",
                null=True,
                db_constraint=True,
                to_field="id",
                related_name="merged",
                on_delete=OnDelete.RESTRICT,
            ),
        ),
    ]
