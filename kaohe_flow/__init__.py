"""kaohe_flow: responsibility assessment of a city police bureau, moved by BPMN diagrams."""
